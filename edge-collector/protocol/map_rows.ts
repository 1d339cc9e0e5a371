import type { MeterField, Register } from './meters.js'

/** A value of a map in holding registers: what, where on the wire, of which type, worth how much. */
export type Row = readonly [
  field: MeterField,
  address: number,
  type: Register['type'],
  scale: number,
]

/** These as registers, high word first; `none` tells which pattern of a type means "not known". */
export const holding = (
  rows: readonly Row[],
  none: (type: Register['type']) => string | null = () => null
): Register[] =>
  rows.map(([field, address, type, scale]) => ({
    field,
    address,
    fn: 3,
    type,
    order: 'high_first',
    scale,
    none: none(type),
  }))
