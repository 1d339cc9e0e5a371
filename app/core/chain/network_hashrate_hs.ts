import { checkPositive } from '#core/maths/check'

/** Hashes that a block of difficulty 1 is taken to need. Exact work is 65536/65535 of it. */
export const HASHES_PER_DIFFICULTY = 2 ** 32

/** Seconds between blocks that the difficulty aims at. */
export const BLOCK_INTERVAL_S = 600

/**
 * Hashes per second of a network that finds one block per 600 s at this difficulty: D*2^32/600.
 * The real network is faster or slower than this between retargets. Throws CalculationError.
 */
export function networkHashrateHs(difficulty: number): number {
  checkPositive(difficulty, 'difficulty')
  return (difficulty * HASHES_PER_DIFFICULTY) / BLOCK_INTERVAL_S
}

/** The reverse: difficulty at which this hashrate finds one block per 600 s. */
export function difficultyFromHashrate(hashrateHs: number): number {
  checkPositive(hashrateHs, 'hashrateHs')
  return (hashrateHs * BLOCK_INTERVAL_S) / HASHES_PER_DIFFICULTY
}
