import type { PointKind } from './series_kind.js'

/** A row of a file, by the names of its head in lower case. */
export type RawRow = Record<string, string | undefined>

export interface Point {
  at: Date
  value: number
}

export interface Candle {
  at: Date
  openUsd: number
  highUsd: number
  lowUsd: number
  closeUsd: number
  volume: number | null
}

export type Refusal =
  'no_date' | 'bad_date' | 'future_date' | 'no_value' | 'bad_number' | 'not_positive' | 'bad_candle'

export type Parsed<T> = { ok: true; row: T } | { ok: false; reason: Refusal }

const DATES = ['date', 'time', 'timestamp', 'start_time_unix'] as const
const VALUES: Record<Exclude<PointKind, 'ohlcv'>, readonly string[]> = {
  price: ['price', 'close', 'price_usd', 'value'],
  difficulty: ['difficulty', 'value'],
  hashrate: ['hashrate', 'hashrate_ths', 'value'],
}

const refuse = (reason: Refusal) => ({ ok: false, reason }) as const
const DAY_MS = 86_400_000
const UNIX_SECONDS = /^\d{9,10}(\.\d+)?$/
const DATE = /^\d{4}-\d{2}-\d{2}/

/** A date (UTC midnight), an ISO time or Unix seconds. */
export function parseTime(text: string): Date | null {
  const trimmed = text.trim()
  if (UNIX_SECONDS.test(trimmed)) return new Date(Number(trimmed) * 1000)
  if (!DATE.test(trimmed)) return null
  const time = new Date(trimmed.length === 10 ? `${trimmed}T00:00:00Z` : trimmed)
  return Number.isNaN(time.getTime()) ? null : time
}

function timeOf(row: RawRow, now: Date): Parsed<Date> {
  const text = DATES.map((name) => row[name]).find((value) => value !== undefined && value !== '')
  if (text === undefined) return refuse('no_date')
  const at = parseTime(text)
  if (!at) return refuse('bad_date')
  return at.getTime() > now.getTime() + DAY_MS ? refuse('future_date') : { ok: true, row: at }
}

function positive(text: string | undefined): Parsed<number> {
  if (text === undefined || text.trim() === '') return refuse('no_value')
  const value = Number(text)
  if (!Number.isFinite(value)) return refuse('bad_number')
  return value > 0 ? { ok: true, row: value } : refuse('not_positive')
}

/** One value of a series, or why the row cannot be one. `now` refuses dates of the future. */
export function parsePoint(
  row: RawRow,
  kind: Exclude<PointKind, 'ohlcv'>,
  now: Date
): Parsed<Point> {
  const at = timeOf(row, now)
  if (!at.ok) return at
  const value = positive(VALUES[kind].map((name) => row[name]).find((text) => text !== undefined))
  return value.ok ? { ok: true, row: { at: at.row, value: value.row } } : value
}

/** One candle, or why the row cannot be one: high and low must enclose open and close. */
export function parseCandle(row: RawRow, now: Date): Parsed<Candle> {
  const at = timeOf(row, now)
  if (!at.ok) return at
  const prices = [row.open, row.high, row.low, row.close].map(positive)
  const wrong = prices.find((price) => !price.ok)
  if (wrong) return wrong as Parsed<Candle>
  const [openUsd, highUsd, lowUsd, closeUsd] = prices.map((price) =>
    price.ok ? price.row : 0
  ) as [number, number, number, number]
  if (highUsd < Math.max(openUsd, closeUsd) || lowUsd > Math.min(openUsd, closeUsd)) {
    return refuse('bad_candle')
  }
  const volume = row.volume ? Number(row.volume) : null
  return {
    ok: true,
    row: {
      at: at.row,
      openUsd,
      highUsd,
      lowUsd,
      closeUsd,
      volume: volume !== null && volume >= 0 ? volume : null,
    },
  }
}
