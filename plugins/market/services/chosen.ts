import { defineError } from '#core/errors'
import { type ChartRange, rangeOf } from '../domain/ranges.js'
import { STORED_SERIES } from '../domain/series_kind.js'
import type { HistorySeries } from './charted.js'

/** A chart was asked for a range or a series that there is not. */
export const E_MARKET_CHOICE = defineError<[field: string]>(
  'There is no such choice of %s',
  'E_MARKET_CHOICE',
  400
)

type Input = Record<string, unknown>

const SCALES = ['linear', 'log'] as const
const SERIES: readonly string[] = [...STORED_SERIES, 'hashprice']

const given = (input: Input, name: string) => {
  const value = input[name]
  return value === undefined || value === '' ? null : value
}

/** The range in the address, one year unless given. Throws E_MARKET_CHOICE. */
export function chosenRange(input: Input, usual = '1y'): ChartRange {
  const code = given(input, 'range') ?? usual
  const range = typeof code === 'string' ? rangeOf(code) : null
  if (!range) throw new E_MARKET_CHOICE(['range'])
  return range
}

/** Whether the axes are logarithmic. Throws E_MARKET_CHOICE. */
export function chosenLog(input: Input): boolean {
  const scale = given(input, 'scale') ?? 'linear'
  if (!SCALES.includes(scale as (typeof SCALES)[number])) throw new E_MARKET_CHOICE(['scale'])
  return scale === 'log'
}

/** The series in the address. Throws E_MARKET_CHOICE. */
export function chosenSeries(input: Input): HistorySeries {
  const series = given(input, 'series')
  if (typeof series !== 'string' || !SERIES.includes(series)) throw new E_MARKET_CHOICE(['series'])
  return series as HistorySeries
}
