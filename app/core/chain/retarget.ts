import { bitsFromTarget } from './bits_from_target.js'
import { checkInteger } from '#core/maths/check'
import { targetFromBits } from './target_from_bits.js'

const TARGET_TIMESPAN_S = 1_209_600
const MIN_TIMESPAN_S = TARGET_TIMESPAN_S / 4
const MAX_TIMESPAN_S = TARGET_TIMESPAN_S * 4
const POW_LIMIT = (1n << 224n) - 1n

/**
 * Compact target of the next epoch of 2,016 blocks, from the bits of the old one and the unix
 * times in seconds of its first and last block. Those are 2,015 intervals, not 2,016: consensus.
 * Rule of Bitcoin Core's CalculateNextWorkRequired on mainnet: the timespan is clamped to a
 * quarter and four times two weeks, the target to the proof-of-work limit.
 * Throws CalculationError for unusable bits or times.
 */
export function retarget(bits: number, firstTime: number, lastTime: number): number {
  checkInteger(firstTime, 'firstTime')
  checkInteger(lastTime, 'lastTime')
  const timespanS = Math.min(Math.max(lastTime - firstTime, MIN_TIMESPAN_S), MAX_TIMESPAN_S)
  const target = (targetFromBits(bits) * BigInt(timespanS)) / BigInt(TARGET_TIMESPAN_S)
  return bitsFromTarget(target > POW_LIMIT ? POW_LIMIT : target)
}
