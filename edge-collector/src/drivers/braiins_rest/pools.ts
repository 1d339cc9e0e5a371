import { emptyPool, type Pool } from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, textAt } from '../../values/json.js'
import { toPoolUrl } from '../../values/text.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { dig, objectsOf } from '../web/dig.js'

/** Groups of pools, numbered through. */
export const toPools = (answer: Json | null): Pool[] | null =>
  objectsOf(answer)
    ?.flatMap((group, index) =>
      (objectsOf(at(group, 'pools')) ?? []).map((row) => toPool(row, group, index))
    )
    .slice(0, 64)
    .map((pool, index) => ({ ...pool, index })) ?? null

const toPool = (row: JsonObject, group: JsonObject, groupIndex: number): Pool => {
  const stats = dig(row, 'stats')
  return {
    ...emptyPool(0),
    group: groupIndex,
    group_name: textAt(group, 'name'),
    quota: amountAt(dig(group, 'strategy', 'quota'), 'value'),
    url: toPoolUrl(textAt(row, 'url')),
    user: textAt(row, 'user'),
    alive: flagAt(row, 'alive'),
    active: flagAt(row, 'active'),
    accepted: countAt(stats, 'accepted_shares'),
    rejected: countAt(stats, 'rejected_shares'),
    stale: countAt(stats, 'stale_shares'),
  }
}
