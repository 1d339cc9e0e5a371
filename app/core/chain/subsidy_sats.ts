import { checkInteger } from '#core/maths/check'

/** Blocks between two halvings of the subsidy. */
export const HALVING_INTERVAL_BLOCKS = 210_000

const FIRST_SUBSIDY_SATS = 5_000_000_000n
const MAX_HALVINGS = 64

/**
 * New satoshis that the block at `height` may create, without fees.
 * Rule of Bitcoin Core's GetBlockSubsidy: 50 BTC shifted right once per 210,000 blocks, and 0
 * from the 64th halving. Throws CalculationError for a height that is not a whole number >= 0.
 */
export function subsidySats(height: number): bigint {
  checkInteger(height, 'height')
  const halvings = Math.floor(height / HALVING_INTERVAL_BLOCKS)
  return halvings >= MAX_HALVINGS ? 0n : FIRST_SUBSIDY_SATS >> BigInt(halvings)
}
