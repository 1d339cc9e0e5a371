import { emptyPool, type Pool, type Reading } from '../../protocol/record.js'
import { amountAt, countAt, flagAt, rowsOf, textAt } from '../values/json.js'
import { toPoolUrl } from '../values/text.js'
import type { JsonObject } from '../wire/contract.js'
import { isUnsupported } from './session.js'
import type { Session } from './contract.js'

const MOST_POOLS = 64
const LAST_SLOT = 1000
const ALIVE = /^(alive|active|working)$/i
const DEAD = /^(dead|unreachable|disabled|rejecting|offline)$/i

/** The pools of `pools`, which cgminer and its descendants answer alike; never a password. */
export const toPools = (answer: JsonObject | null): Pool[] | null =>
  rowsOf(answer, 'POOLS')?.slice(0, MOST_POOLS).map(toPool) ?? null

const toPool = (row: JsonObject, position: number): Pool => ({
  ...emptyPool(slotAt(row, 'POOL') ?? position),
  group: slotAt(row, 'GROUP'),
  quota: amountAt(row, 'Quota'),
  url: toPoolUrl(textAt(row, 'URL')),
  user: textAt(row, 'User'),
  priority: countAt(row, 'Priority'),
  alive: toAlive(textAt(row, 'Status')),
  active: flagAt(row, 'Stratum Active'),
  accepted: countAt(row, 'Accepted'),
  rejected: countAt(row, 'Rejected'),
  stale: countAt(row, 'Stale'),
})

/** Null for a word that nobody knows. */
export const toAlive = (status: string | null): boolean | null => {
  if (status === null) return null
  if (ALIVE.test(status)) return true
  return DEAD.test(status) ? false : null
}

/** The position of something; null when it is no plausible one. */
export const slotAt = (row: JsonObject | null, ...keys: string[]): number | null => {
  const slot = countAt(row, ...keys)
  return slot === null || slot > LAST_SLOT ? null : slot
}

/** What `summary` counts since the process started. */
export const toCounters = (summary: JsonObject | null) =>
  ({
    uptime_s: countAt(summary, 'Elapsed'),
    shares_accepted: countAt(summary, 'Accepted'),
    shares_rejected: countAt(summary, 'Rejected'),
    shares_stale: countAt(summary, 'Stale'),
    hardware_errors: countAt(summary, 'Hardware Errors'),
  }) satisfies Partial<Reading>

const DOWN = ['refused', 'timeout', 'reset']

/** The first question found nobody: the others need not be asked. */
export const isDown = (session: Session): boolean =>
  DOWN.includes(session.problems.at(-1)?.kind ?? '')

/** `pools`, where a firmware without that command has none. */
export const askPools = async (session: Session): Promise<Pool[] | null> => {
  const pools = toPools(await session.rpc('pools'))
  return pools === null && isUnsupported(session, 'pools') ? [] : pools
}
