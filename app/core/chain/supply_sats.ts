import { checkInteger } from '#core/maths/check'
import { HALVING_INTERVAL_BLOCKS, subsidySats } from './subsidy_sats.js'

/**
 * Satoshis created by all blocks from 0 to `throughHeight`, both included, as the rules allow
 * (what miners failed to claim is not subtracted). The limit is 2,099,999,997,690,000.
 * Throws CalculationError for a height that is not a whole number >= 0.
 */
export function supplySats(throughHeight: number): bigint {
  checkInteger(throughHeight, 'throughHeight')
  let total = 0n
  for (let start = 0; start <= throughHeight; start += HALVING_INTERVAL_BLOCKS) {
    const subsidy = subsidySats(start)
    if (subsidy === 0n) break
    const blocks = Math.min(HALVING_INTERVAL_BLOCKS, throughHeight - start + 1)
    total += subsidy * BigInt(blocks)
  }
  return total
}
