import {
  isPossible,
  type MeterConfig,
  ratioOf,
  type Register,
  wordsOfType,
} from '../../protocol/meters.js'
import { type Decimal, decimalOf, numberOf, times, wholeOf } from './decimal.js'

type Ratios = Pick<MeterConfig, 'ctRatio' | 'ptRatio'>

/** A value, null for "not available", or that it cannot be. */
export type Decoded = { value: number | null } | { trouble: string }

/**
 * One value out of the bytes of its registers. Counts are scaled as decimals, so that a counter of
 * 64 bits keeps its last watt-hour; what a double cannot hold is no value.
 */
export function decode(bytes: Buffer, register: Register, ratios: Ratios): Decoded {
  const words = wordsOfType(register.type)
  if (bytes.length !== words * 2) throw new RangeError(`${bytes.length} bytes of ${register.type}`)
  if (register.none && bytes.toString('hex') === register.none.toLowerCase()) return { value: null }
  const count = countOf(register.order === 'low_first' ? swapped(bytes) : bytes, register.type)
  return count === null ? { value: null } : inUnits(count, register, ratios)
}

/** What was counted, in the unit of its field. */
export function inUnits(
  count: Decimal,
  { field, scale }: Pick<Register, 'field' | 'scale'>,
  ratios: Ratios
): Decoded {
  const { current, voltage } = ratioOf(field, ratios)
  const value = rounded([scale, current, voltage].map(decimalOf).reduce(times, count), field)
  return isPossible(field, value) ? { value } : { trouble: `${field} cannot be ${value}` }
}

const rounded = (value: Decimal, field: Register['field']): number =>
  field.startsWith('energy') ? Number(wholeOf(value)) : numberOf(value)

/** What stands in the registers, high word first; null: no number. */
function countOf(bytes: Buffer, type: Register['type']): Decimal | null {
  if (type === 'f32') {
    const value = bytes.readFloatBE(0)
    return Number.isFinite(value) ? decimalOf(value) : null
  }
  return { digits: wholeIn(bytes, type), places: 0 }
}

function wholeIn(bytes: Buffer, type: Exclude<Register['type'], 'f32'>): bigint {
  const value = BigInt(`0x${bytes.toString('hex')}`)
  return type.startsWith('i') ? BigInt.asIntN(bytes.length * 8, value) : value
}

const swapped = (bytes: Buffer): Buffer =>
  Buffer.concat(
    Array.from({ length: bytes.length / 2 }, (_, index) =>
      bytes.subarray(index * 2, index * 2 + 2)
    ).toReversed()
  )
