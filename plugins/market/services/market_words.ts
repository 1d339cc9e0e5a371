import type { I18n } from '@adonisjs/i18n'
import type { Quality } from '../domain/quality.js'
import { scale } from '../domain/scale.js'
import type { StoredSeries } from '../domain/series_kind.js'

const usd = (digits: number): Intl.NumberFormatOptions => ({
  style: 'currency',
  currency: 'USD',
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

/** Figures, dates and sources of the market in the language of a person. */
export function wordsOf(i18n: I18n, timeZone = 'UTC') {
  const number = (value: number, options: Intl.NumberFormatOptions = {}) =>
    new Intl.NumberFormat(i18n.locale, options).format(value)
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
    day: (at: Date) =>
      new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeZone }).format(at),
    month: (at: Date) =>
      new Intl.DateTimeFormat(i18n.locale, { year: 'numeric', month: 'short', timeZone }).format(
        at
      ),
    source: (from: {
      source: string
      at: string
      quality: Quality
      isOld: boolean
    }): SourceProps => ({
      state: from.isOld ? 'old' : 'fresh',
      name: `${from.source} (${i18n.t(`market.quality.${from.quality}`)})`,
      at: from.at,
    }),
  }
}

export type Words = ReturnType<typeof wordsOf>
