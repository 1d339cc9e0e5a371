import { CalculationError } from '#core/maths/calculation_error'
import { checkPositive } from '#core/maths/check'

/** The target of difficulty 1: 0xffff * 2^208. */
export const DIFFICULTY_ONE_TARGET = 0xffffn << 208n

/**
 * The target that belongs to a difficulty, rounded down: 0xffff * 2^208 / difficulty, with the
 * double taken at its exact value. Throws CalculationError when the difficulty is not above 0 or
 * its target is outside 1 .. 2^256 - 1.
 */
export function targetFromDifficulty(difficulty: number): bigint {
  checkPositive(difficulty, 'difficulty')
  let mantissa = difficulty
  let doublings = 0n
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    doublings += 1n
  }
  const target = (DIFFICULTY_ONE_TARGET << doublings) / BigInt(mantissa)
  if (target === 0n || target >> 256n !== 0n) {
    throw new CalculationError('difficulty', 'has no target of 1 to 256 bits')
  }
  return target
}
