import type { Router } from '@adonisjs/core/http'
import { endpoint, listOf, PAGE_LIMIT } from '#core/api'
import { BadInput } from '#core/errors'
import plugin from './plugin.js'
import {
  byNumber,
  historyQuery,
  historySchema,
  liveSchema,
  minerSchema,
  summarySchema,
} from './schemas.js'
import { intervalsQuery, intervalsSchema, meterRow, metersQuery } from './meter_schemas.js'
import { groupHistory, historyOf } from './services/history.js'
import { intervalsAnswer, metersAnswer } from './services/meter_answers.js'
import {
  historyAnswer,
  livePage,
  minerAnswer,
  summaryAnswer,
} from './services/telemetry_answers.js'

/** Telemetry for programs: the figures of the pages, each with its layer, age and coverage. */
export default function apiRoutes(router: Router) {
  const guard = plugin.can('miner.view')
  endpoint(router, {
    method: 'get',
    path: 'live',
    name: 'telemetry.live',
    guard,
    summary: 'fleet_api.live',
    query: byNumber,
    response: liveSchema,
    handler: ({ query: { cursor, limit } }) => livePage(cursor, limit ?? PAGE_LIMIT),
  })
  endpoint(router, {
    method: 'get',
    path: 'site-summary',
    name: 'telemetry.summary',
    guard,
    summary: 'fleet_api.summary',
    response: summarySchema,
    handler: () => summaryAnswer(),
  })
  endpoint(router, {
    method: 'get',
    path: 'history',
    name: 'telemetry.history',
    guard,
    summary: 'fleet_api.history',
    query: historyQuery,
    response: historySchema,
    async handler({ query: { miners, by, from, to } }) {
      const span = { from, to: to ?? new Date() }
      if (span.from >= span.to)
        throw new BadInput([{ field: 'from', key: 'fleet_api.from_after_to' }])
      if (miners) return historyAnswer(await historyOf(miners, span))
      return historyAnswer(await groupHistory(by ?? 'all', span))
    },
  })
  endpoint(router, {
    method: 'get',
    path: 'miners/:id',
    name: 'telemetry.miner',
    guard,
    summary: 'fleet_api.miner',
    response: minerSchema,
    handler: ({ params }) => minerAnswer(params.id!),
  })
  meterApi(router)
}

/** Meters and their intervals; for the host only. */
function meterApi(router: Router) {
  const guard = plugin.can('meter.view')
  endpoint(router, {
    method: 'get',
    path: 'meters',
    name: 'telemetry.meters',
    guard,
    summary: 'fleet_meters.api.list',
    query: metersQuery,
    response: listOf(meterRow.clone()),
    handler: ({ query: { limit, ...rest } }) =>
      metersAnswer({ ...rest, limit: limit ?? PAGE_LIMIT }),
  })
  endpoint(router, {
    method: 'get',
    path: 'meters/:id/intervals',
    name: 'telemetry.meter.intervals',
    guard,
    summary: 'fleet_meters.api.intervals',
    query: intervalsQuery,
    response: intervalsSchema,
    async handler({ params, query: { from, to, minutes } }) {
      const span = { from, to: to ?? new Date() }
      if (span.from >= span.to)
        throw new BadInput([{ field: 'from', key: 'fleet_api.from_after_to' }])
      return intervalsAnswer(params.id!, { ...span, minutes: minutes ?? 15 })
    },
  })
}
