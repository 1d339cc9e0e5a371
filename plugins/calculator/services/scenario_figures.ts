import type { I18n } from '@adonisjs/i18n'
import type { Better } from '../domain/compare.js'
import { usdFormat } from './formats.js'
import type { FutureBrief } from './future_brief.js'
import type { ProfitAnswer } from './price_miner.js'
import type { ScenarioAnswer } from './scenario_answer.js'

/** How a figure is written, and what stands in heads beside its name. */
export type Unit = '$' | '$/kWh' | '$/BTC' | '$/PH/s' | 'BTC' | 'kWh' | 'J/TH' | '%' | 'd' | 'T'

/** One figure of an answer: unrounded, or null with the reason. */
export interface Figure {
  /** Name of its text below `calculator_scenarios.figure`. */
  name: string
  value: number | null
  unit: Unit
  /** Key of the reason when the value is null. */
  reason: string | null
  /** Which of several is the better one; null where neither is. */
  better: Better
}

const figure = (
  name: string,
  value: number | null,
  unit: Unit,
  more: Partial<Pick<Figure, 'reason' | 'better'>> = {}
): Figure => ({ name, value, unit, reason: null, better: null, ...more })

const why = (code: string | null) => (code ? `calculator.reason.${code}` : null)
const later = (code: string | null) => (code ? `calculator_projection.reason.${code}` : null)
const usd = (cents: bigint) => Number(cents) / 100

const percent = (share: number | null) => (share === null ? null : share * 100)

/** The figures of an answer in the order in which they are shown everywhere. */
export const figuresOf = ({ day, future }: ScenarioAnswer): Figure[] => [
  ...dayFigures(day),
  ...(future ? futureFigures(future) : []),
]

function dayFigures(day: ProfitAnswer): Figure[] {
  return [
    figure('profit', day.profitUsdPerDay, '$', { better: 'high' }),
    figure('revenue', day.revenueUsdPerDay, '$', { better: 'high' }),
    figure('electricity', day.electricityUsdPerDay, '$', { better: 'low' }),
    figure('fixed', day.fixedUsdPerDay, '$', { better: 'low' }),
    figure('btc', day.btcPerDay, 'BTC', { better: 'high' }),
    figure('btcByNetwork', day.btcPerDayByNetwork, 'BTC', { reason: why(day.networkReason) }),
    figure('deviation', day.deviationPct, '%', { reason: why(day.networkReason) }),
    figure('breakEvenBtc', day.breakEvenUsdPerBtc, '$/BTC', {
      reason: why(day.breakEvenUsdPerBtcReason),
      better: 'low',
    }),
    figure('breakEvenKwh', day.breakEvenUsdPerKwh, '$/kWh', {
      reason: why(day.breakEvenUsdPerKwhReason),
      better: 'high',
    }),
    figure('energyShare', percent(day.energyShareOfRevenue), '%', {
      reason: why(day.energyShareReason),
      better: 'low',
    }),
    figure('kwh', day.kwhPerDay, 'kWh'),
    figure('efficiency', day.efficiencyJPerTh, 'J/TH', {
      reason: why(day.efficiencyReason),
      better: 'low',
    }),
    figure('hashprice', day.hashpriceUsdPerPhDay, '$/PH/s'),
  ]
}

/** What the question says of the investment, over its horizon. */
function futureFigures({ returns, totals, breakEven }: FutureBrief): Figure[] {
  const difficulty = breakEven.breakEvenDifficulty
  return [
    figure('npv', returns.npvUsd, '$', { reason: later(returns.npvReason), better: 'high' }),
    figure('irr', percent(returns.irrAnnual), '%', {
      reason: later(returns.irrReason),
      better: 'high',
    }),
    figure('payback', returns.paybackDays, 'd', {
      reason: later(returns.paybackReason),
      better: 'low',
    }),
    figure('discountedPayback', returns.discountedPaybackDays, 'd', {
      reason: later(returns.discountedPaybackReason),
      better: 'low',
    }),
    figure('roi', returns.roiPct, '%', { reason: later(returns.roiReason), better: 'high' }),
    figure('cash', usd(totals.cashCents), '$', { better: 'high' }),
    figure('mined', Number(totals.sats) / 1e8, 'BTC', { better: 'high' }),
    figure('breakEvenDifficulty', difficulty && difficulty / 1e12, 'T', {
      reason: later(breakEven.breakEvenDifficultyReason),
      better: 'high',
    }),
    ...hostingFigures(totals.books),
  ]
}

const hostingFigures = (books: FutureBrief['totals']['books']): Figure[] =>
  books
    ? [
        ...(books.host
          ? [figure('hostMargin', usd(books.host.marginCents), '$', { better: 'high' })]
          : []),
        figure('clientNet', usd(books.client.netCents), '$', { better: 'high' }),
      ]
    : []

const money = usdFormat
const fixed = (digits: number): Intl.NumberFormatOptions => ({
  minimumFractionDigits: digits,
  maximumFractionDigits: digits,
})

const FORMATS: Record<Unit, Intl.NumberFormatOptions> = {
  '$': money(2),
  '$/kWh': money(5),
  '$/BTC': money(0),
  '$/PH/s': money(2),
  'BTC': fixed(8),
  'kWh': fixed(1),
  'J/TH': fixed(1),
  '%': fixed(1),
  'd': fixed(0),
  'T': fixed(2),
}

/** Units that the written figure does not show by itself. */
const WRITTEN: readonly Unit[] = ['BTC', 'kWh', 'J/TH', '%', 'd', 'T']

/** A figure as text in the person's language; null stays null, shown as missing. */
export function textOf({ value, unit }: Pick<Figure, 'value' | 'unit'>, i18n: I18n): string | null {
  if (value === null) return null
  const number = new Intl.NumberFormat(i18n.locale, FORMATS[unit]).format(value)
  return WRITTEN.includes(unit) ? `${number} ${unit}` : number
}

const NEVER = 'calculator_projection.reason.E_NOT_PAID_BACK'

/** What a figure is compared by: never is longer than any number of days. */
export const rankOf = ({ value, reason }: Figure) => (reason === NEVER ? Infinity : value)

/** A figure with everything that a page says about it. */
export const shownFigure = (one: Figure, i18n: I18n) => ({
  ...one,
  label: i18n.t(`calculator_scenarios.figure.${one.name}`),
  // Never is an answer, and a worse one than any number of days.
  text: one.reason === NEVER ? i18n.t('calculator.future.never') : textOf(one, i18n),
  why: one.value === null && one.reason ? i18n.t(one.reason) : null,
})

export type ShownFigure = ReturnType<typeof shownFigure>
