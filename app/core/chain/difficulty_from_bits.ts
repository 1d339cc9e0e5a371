import { bitsFromTarget } from './bits_from_target.js'
import { CalculationError } from '#core/maths/calculation_error'
import { checkBits } from './target_from_bits.js'

const DIFFICULTY_ONE_SIZE = 29

/**
 * Difficulty of a compact target as a multiple of difficulty 1 (0x1d00ffff).
 * Loop and order of Bitcoin Core's GetDifficulty, so that the double is the same to the last bit;
 * like Core it reads all 24 low bits as mantissa. Throws CalculationError for a mantissa of zero.
 */
export function difficultyFromBits(bits: number): number {
  checkBits(bits)
  const mantissa = bits & 0xffffff
  if (mantissa === 0) throw new CalculationError('bits', 'stand for a target of zero')
  let difficulty = 0xffff / mantissa
  let size = bits >>> 24
  for (; size < DIFFICULTY_ONE_SIZE; size++) difficulty *= 256
  for (; size > DIFFICULTY_ONE_SIZE; size--) difficulty /= 256
  return difficulty
}

/** Difficulty of a full target, cut to its compact form first, as nodes report it. */
export function difficultyFromTarget(target: bigint): number {
  return difficultyFromBits(bitsFromTarget(target))
}
