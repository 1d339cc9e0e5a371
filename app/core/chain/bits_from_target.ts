import { CalculationError } from '#core/maths/calculation_error'
import { targetFromDifficulty } from './target_from_difficulty.js'

/**
 * The compact form of a 256-bit target; digits that do not fit are cut off, as consensus does.
 * Rule of Bitcoin Core's arith_uint256::GetCompact. Throws CalculationError for a target outside
 * 1 .. 2^256 - 1.
 */
export function bitsFromTarget(target: bigint): number {
  if (typeof target !== 'bigint' || target <= 0n || target >> 256n !== 0n) {
    throw new CalculationError('target', 'must be a bigint from 1 to 2^256 - 1')
  }
  let size = Math.ceil(target.toString(16).length / 2)
  const shift = 8n * BigInt(Math.abs(size - 3))
  let word = Number(size <= 3 ? target << shift : target >> shift)
  if (word & 0x800000) {
    word >>= 8
    size += 1
  }
  return size * 0x1000000 + word
}

/**
 * The compact form whose difficulty is `difficulty`. A double does not hold a difficulty exactly,
 * so it is lowered by 2^-30 before the target is cut: less than one step of the compact form, and
 * enough to give back the bits that a difficulty was computed from.
 */
export function bitsFromDifficulty(difficulty: number): number {
  return bitsFromTarget(targetFromDifficulty(difficulty * (1 - 2 ** -30)))
}
