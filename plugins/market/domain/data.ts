import type { StoredSeries } from './series_kind.js'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** What is asked for at one time, in one go. */
export const DATA = [
  'price',
  'candles',
  'height',
  'difficulty',
  'epochs',
  'hashrate',
  'fees',
  'mempool',
  'fear_greed',
  'coins',
] as const
export type Datum = (typeof DATA)[number]

export interface DatumRule {
  /** The series that it fills; none where it has a table of its own. */
  series: readonly StoredSeries[]
  everyMs: number
  /** When a reader may ask for a fresh one: three refreshes were missed by then. */
  oldAfterMs: number
  /** An answer that says it is older than this is none. */
  answerMaxAgeMs: number
  /** How many sources must agree for the value to count as certain. */
  quorum: 1 | 2
}

const rule = (
  everyMs: number,
  series: readonly StoredSeries[] = [],
  more: Partial<DatumRule> = {}
): DatumRule => ({
  series,
  everyMs,
  oldAfterMs: 3 * everyMs,
  answerMaxAgeMs: 15 * MINUTE_MS,
  quorum: 1,
  ...more,
})

export const DATUM_RULES: Record<Datum, DatumRule> = {
  price: rule(30 * SECOND_MS, ['price_usd', 'price_eur', 'price_cny'], { quorum: 2 }),
  candles: rule(5 * MINUTE_MS),
  height: rule(MINUTE_MS, ['block_height']),
  difficulty: rule(MINUTE_MS, ['difficulty']),
  // A new one comes every fortnight; its first block is what the pace is counted from.
  epochs: rule(HOUR_MS),
  hashrate: rule(10 * MINUTE_MS, ['network_hashrate_ths']),
  fees: rule(5 * MINUTE_MS, ['fees_sats_per_block']),
  mempool: rule(5 * MINUTE_MS, ['mempool_fee_sat_vb']),
  // One value a day, at midnight UTC; late days happen.
  fear_greed: rule(HOUR_MS, ['fear_greed'], {
    oldAfterMs: 26 * HOUR_MS,
    answerMaxAgeMs: 50 * HOUR_MS,
  }),
  coins: rule(6 * HOUR_MS),
}

export const isDatum = (text: unknown): text is Datum => DATA.includes(text as Datum)

/** The datum that fills a series. */
export const datumOf = (series: StoredSeries): Datum =>
  DATA.find((datum) => DATUM_RULES[datum].series.includes(series))!
