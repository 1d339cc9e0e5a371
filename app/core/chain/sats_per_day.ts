import { checkNonNegative, checkPositive } from '#core/maths/check'
import { HASHES_PER_DIFFICULTY } from './network_hashrate_hs.js'

const SECONDS_PER_DAY = 86_400
const HASHES_PER_TERAHASH = 1e12

/** Blocks per day that the difficulty aims at. */
export const BLOCKS_PER_DAY = 144

/**
 * Blocks that `hashrateThs` is expected to find in a day: TH*1e12*86400/(D*2^32).
 * Unchecked, for callers that have checked their inputs.
 */
export function blocksPerDay(hashrateThs: number, difficulty: number): number {
  return (
    (hashrateThs * HASHES_PER_TERAHASH * SECONDS_PER_DAY) / (difficulty * HASHES_PER_DIFFICULTY)
  )
}

/**
 * Expected satoshis per day before the pool fee, from the difficulty: the figure that holds until
 * the next retarget whatever the rest of the network does. `rewardSats` is subsidy plus fees per
 * block. Throws CalculationError.
 */
export function satsPerDayByDifficulty(
  hashrateThs: number,
  difficulty: number,
  rewardSats: number
): number {
  checkNonNegative(hashrateThs, 'hashrateThs')
  checkPositive(difficulty, 'difficulty')
  checkNonNegative(rewardSats, 'rewardSats')
  return blocksPerDay(hashrateThs, difficulty) * rewardSats
}

/**
 * Expected satoshis per day before the pool fee, as a share of the network at 144 blocks per day:
 * TH/networkTH*144*reward. It swings with the estimate of the network hashrate, which belongs on
 * a mean of about seven days. A second opinion, shown beside the first and never mixed with it.
 * Throws CalculationError.
 */
export function satsPerDayByNetwork(
  hashrateThs: number,
  networkHashrateThs: number,
  rewardSats: number
): number {
  checkNonNegative(hashrateThs, 'hashrateThs')
  checkPositive(networkHashrateThs, 'networkHashrateThs')
  checkNonNegative(rewardSats, 'rewardSats')
  return (hashrateThs / networkHashrateThs) * BLOCKS_PER_DAY * rewardSats
}
