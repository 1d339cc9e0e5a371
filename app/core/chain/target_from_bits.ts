import { CalculationError } from '#core/maths/calculation_error'

/**
 * The 256-bit target that the compact form `bits` of a block header stands for.
 * Rule of Bitcoin Core's arith_uint256::SetCompact. Throws CalculationError when the bits are not
 * an unsigned 32-bit number or stand for a negative, zero or overflowing target.
 */
export function targetFromBits(bits: number): bigint {
  checkBits(bits)
  const size = bits >>> 24
  const word = bits & 0x7fffff
  const shift = 8n * BigInt(Math.abs(size - 3))
  const target = size <= 3 ? BigInt(word) >> shift : BigInt(word) << shift
  if ((bits & 0x800000) !== 0) throw new CalculationError('bits', 'stand for a negative target')
  if (target === 0n) throw new CalculationError('bits', 'stand for a target of zero')
  if (target >> 256n !== 0n) throw new CalculationError('bits', 'stand for more than 256 bits')
  return target
}

/** Refuses anything but an unsigned 32-bit number. */
export function checkBits(bits: number): void {
  if (!Number.isInteger(bits) || bits < 0 || bits > 0xffffffff) {
    throw new CalculationError('bits', 'must be an unsigned 32-bit number')
  }
}
