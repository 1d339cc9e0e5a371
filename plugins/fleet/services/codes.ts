import { OUTCOMES, type Outcome, STATES, type MinerState } from '#edge/protocol/record'

/**
 * Words of the protocol as the small numbers that are stored: their place in the list. The lists
 * only grow at the end, or rows of the past would say something else.
 */
const codesOf = <T extends string>(words: readonly T[]) =>
  Object.fromEntries(words.map((word, index) => [word, index])) as Record<T, number>

export const OUTCOME_CODES = codesOf<Outcome>(OUTCOMES)
export const STATE_CODES = codesOf<MinerState>(STATES)

export const WATTAGE_SOURCES = ['wall', 'dc', 'estimate'] as const
export const WATTAGE_SOURCE_CODES = codesOf(WATTAGE_SOURCES)
