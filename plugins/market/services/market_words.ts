import type { I18n } from '@adonisjs/i18n'
import type { Quality } from '../domain/quality.js'
import { scale } from '../domain/scale.js'
import type { StoredSeries } from '../domain/series_kind.js'

const usd = (digits: number): Intl.NumberFormatOptions => ({
  style: 'currency',
  currency: 'USD',
  currencyDisplay: 'narrowSymbol',
  minimumFractionDigits: digits,
  maximumFractionDigits: digits,
})

/** How many digits a value of a series is shown with, in the unit that people read. */
const FORMATS: Record<StoredSeries, Intl.NumberFormatOptions> = {
  price_usd: usd(0),
  price_eur: { ...usd(0), currency: 'EUR' },
  price_cny: { ...usd(0), currency: 'CNY' },
  difficulty: { maximumFractionDigits: 2, minimumFractionDigits: 2 },
  network_hashrate_ths: { maximumFractionDigits: 1, minimumFractionDigits: 1 },
  block_height: {},
  fees_sats_per_block: { maximumFractionDigits: 0 },
  mempool_fee_sat_vb: { maximumFractionDigits: 1 },
  fear_greed: { maximumFractionDigits: 0 },
}

/** Series whose value is shown with a unit after it; prices carry their sign. */
const WITH_UNIT: readonly StoredSeries[] = [
  'difficulty',
  'network_hashrate_ths',
  'fees_sats_per_block',
  'mempool_fee_sat_vb',
]

/** A source as the `source` component takes it. */
export interface SourceProps {
  state: 'fresh' | 'old'
  name: string
  at: string
}

interface Sourced {
  source: string
  at: string
  quality: Quality
  isOld: boolean
}

const numbers = new Map<string, Intl.NumberFormat>()
const dates = new Map<string, Intl.DateTimeFormat>()

/** Making a formatter takes longer than using it a hundred times. */
function kept<F>(cache: Map<string, F>, make: () => F, ...key: unknown[]): F {
  const name = JSON.stringify(key)
  const known = cache.get(name) ?? make()
  cache.set(name, known)
  return known
}

/** Figures, dates and sources of the market in the language of a person. */
export function wordsOf(i18n: I18n, timeZone = 'UTC') {
  const { locale } = i18n
  const number = (value: number, options: Intl.NumberFormatOptions = {}) =>
    kept(numbers, () => new Intl.NumberFormat(locale, options), locale, options).format(value)
  const date = (at: Date, options: Intl.DateTimeFormatOptions) => {
    const whole = { ...options, timeZone }
    return kept(dates, () => new Intl.DateTimeFormat(locale, whole), locale, whole).format(at)
  }
  const signedPct = (value: number, digits = 1) =>
    number(value / 100, {
      style: 'percent',
      signDisplay: 'exceptZero',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
  return {
    t: (key: string, args?: Record<string, string | number>) => i18n.t(key, args),
    number,
    signedPct,
    pct: (value: number, digits = 1) =>
      number(value / 100, {
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
    usd: (value: number, digits: number) => number(value, usd(digits)),
    value: (series: StoredSeries, value: number) => number(scale(series, value), FORMATS[series]),
    unit: (series: StoredSeries) =>
      WITH_UNIT.includes(series) ? i18n.t(`market.unit.${series}`) : '',
    day: (at: Date) => date(at, { dateStyle: 'medium' }),
    /** For dates that are near: without the year. */
    nearDay: (at: Date) => date(at, { month: 'short', day: 'numeric' }),
    month: (at: Date) => date(at, { year: 'numeric', month: 'short' }),
    /** With what is known of its quality, unless it is computed from several values. */
    source: (from: Sourced, withQuality = true): SourceProps => ({
      state: from.isOld ? 'old' : 'fresh',
      name: withQuality
        ? `${from.source} (${i18n.t(`market.quality.${from.quality}`)})`
        : from.source,
      at: from.at,
    }),
  }
}

export type Words = ReturnType<typeof wordsOf>
