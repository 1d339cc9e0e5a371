import { CONNECTIVITY } from '../domain/connectivity.js'

/** The kind of pill of each state; a word always stands beside the colour. */
const KINDS: Record<string, string> = {
  online: 'good',
  starting: 'info',
  tuning: 'info',
  paused: 'violet',
  stale: 'warn',
  offline: 'bad',
  collector_down: 'warn',
  maintenance: 'neutral',
  never: 'neutral',
}

/** All states a list can be filtered by; `never`: no sample has come yet. */
export const STATES_SHOWN = [...CONNECTIVITY, 'never'] as const

/** States of miners that answer: what they said last is what they do now. */
export const ANSWERING = ['online', 'starting', 'tuning', 'paused'] as const

/** States that somebody wanted: these miners are not expected to hash. */
export const ON_PURPOSE = ['paused', 'maintenance'] as const

export const stateKind = (state: string | null) => KINDS[state ?? 'never'] ?? 'neutral'

/** How good a share of the expected hashrate is; null: nobody knows. */
export function hashrateKind(pct: number | null | undefined) {
  if (pct === null || pct === undefined) return null
  if (pct >= 97) return 'good'
  return pct >= 80 ? 'warn' : 'bad'
}
