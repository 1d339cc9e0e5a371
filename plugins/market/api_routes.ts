import type { Router } from '@adonisjs/core/http'
import vine from '@vinejs/vine'
import { endpoint, listFields, listOf } from '#core/api'
import { E_BAD_CURSOR } from '#core/errors'
import { rangeOf } from './domain/ranges.js'
import plugin from './plugin.js'
import {
  epochRow,
  hashpriceAnswer,
  historyAnswer as historySchema,
  historyQuery,
  statusAnswer,
  storedValue,
} from './schemas.js'
import { historyAnswer } from './services/charted.js'
import { retargets } from './services/epochs.js'
import { hashpriceNow } from './services/hashprice.js'
import { marketStatus } from './services/status.js'
import { latestValues } from './services/stored_values.js'

const PAGE_LIMIT = 50

/** The cursor of this list is the number of the last epoch given. */
function epochBefore(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  if (!/^\d{1,7}$/.test(cursor)) throw new E_BAD_CURSOR()
  return Number(cursor)
}

async function epochPage(cursor: string | undefined, limit = PAGE_LIMIT) {
  const rows = await retargets(limit + 1, epochBefore(cursor))
  const data = rows.slice(0, limit)
  const nextCursor = rows.length > limit ? String(data.at(-1)!.epoch) : null
  return { data, nextCursor }
}

async function hashpriceOrReason() {
  const found = hashpriceNow(await latestValues())
  return 'reason' in found
    ? { hashprice: null, hashpriceReason: found.reason }
    : { hashprice: found, hashpriceReason: null }
}

export default function apiRoutes(router: Router) {
  const guard = plugin.can('series.view')
  endpoint(router, {
    method: 'get',
    path: 'latest',
    name: 'latest.show',
    guard,
    summary: 'market.api.latest',
    response: vine.object({ data: vine.array(storedValue) }),
    handler: async () => ({ data: Object.values(await latestValues()) }),
  })
  endpoint(router, {
    method: 'get',
    path: 'history',
    name: 'history.show',
    guard,
    summary: 'market.api.history',
    query: historyQuery,
    response: historySchema,
    handler: ({ query: { series, range } }) =>
      historyAnswer(series, rangeOf(range ?? '1y')!, new Date()),
  })
  endpoint(router, {
    method: 'get',
    path: 'epochs',
    name: 'epochs.index',
    guard,
    summary: 'market.api.epochs',
    query: vine.object(listFields()),
    response: listOf(epochRow),
    handler: ({ query: { cursor, limit } }) => epochPage(cursor, limit),
  })
  endpoint(router, {
    method: 'get',
    path: 'hashprice',
    name: 'hashprice.show',
    guard,
    summary: 'market.api.hashprice',
    response: hashpriceAnswer,
    handler: hashpriceOrReason,
  })
  endpoint(router, {
    method: 'get',
    path: 'status',
    name: 'status.show',
    guard,
    summary: 'market.api.status',
    response: statusAnswer,
    handler: () => marketStatus(new Date()),
  })
}
