import type { Sourced } from './inputs.js'

/** A market value older than this is shown as old: a day and a half, as daily series have it. */
const OLD_AFTER_S = 129_600

/** Whether a market value missed its day. */
export const isOld = ({ ageSeconds }: Pick<Sourced, 'ageSeconds'>) =>
  ageSeconds !== null && ageSeconds > OLD_AFTER_S

const OF_ONE_MINER: readonly string[] = ['hashrateThs', 'powerW']

/**
 * A resolved figure as people say it: of one miner where the answer carries the whole fleet's.
 * Sums of floats may carry a last digit that nobody typed; it is left out.
 */
export const asSaid = (name: string, value: number, count: number) =>
  OF_ONE_MINER.includes(name) ? Number((value / count).toPrecision(14)) : value
