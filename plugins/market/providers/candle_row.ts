import vine from '@vinejs/vine'
import { decimal, type ToldCandle } from './adapter.js'

/** Time, open, high, low, close, volume as text, and more that is not looked at. */
export const candleRow = () =>
  vine
    .tuple([decimal(), decimal(), decimal(), decimal(), decimal(), decimal()])
    .allowUnknownProperties()

type Row = readonly unknown[]

/** A row of such texts as a candle. */
export function toCandle(row: Row): ToldCandle {
  const [atMs, open, high, low, close, volume] = row.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return { atMs, open, high, low, close, volume }
}
