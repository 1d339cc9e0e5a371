import type { I18n } from '@adonisjs/i18n'
import type { Better } from '../domain/compare.js'
import type { ScenarioAnswer } from './scenario_answer.js'

/** How a figure is written, and what stands in heads beside its name. */
export type Unit = '$' | '$/kWh' | '$/BTC' | '$/PH/s' | 'BTC' | 'kWh' | 'J/TH' | '%'

/** One figure of an answer: unrounded, or null with the reason. */
export interface Figure {
  /** Name of its text below `calculator_scenarios.figure`. */
  name: string
  value: number | null
  unit: Unit
  /** Code of the reason when the value is null, below `calculator.reason`. */
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

const percent = (share: number | null) => (share === null ? null : share * 100)

/** The figures of an answer in the order in which they are shown everywhere. */
export function figuresOf({ day }: ScenarioAnswer): Figure[] {
  return [
    figure('profit', day.profitUsdPerDay, '$', { better: 'high' }),
    figure('revenue', day.revenueUsdPerDay, '$', { better: 'high' }),
    figure('electricity', day.electricityUsdPerDay, '$', { better: 'low' }),
    figure('fixed', day.fixedUsdPerDay, '$', { better: 'low' }),
    figure('btc', day.btcPerDay, 'BTC', { better: 'high' }),
    figure('btcByNetwork', day.btcPerDayByNetwork, 'BTC', { reason: day.networkReason }),
    figure('deviation', day.deviationPct, '%', { reason: day.networkReason }),
    figure('breakEvenBtc', day.breakEvenUsdPerBtc, '$/BTC', {
      reason: day.breakEvenUsdPerBtcReason,
      better: 'low',
    }),
    figure('breakEvenKwh', day.breakEvenUsdPerKwh, '$/kWh', {
      reason: day.breakEvenUsdPerKwhReason,
      better: 'high',
    }),
    figure('energyShare', percent(day.energyShareOfRevenue), '%', {
      reason: day.energyShareReason,
      better: 'low',
    }),
    figure('kwh', day.kwhPerDay, 'kWh'),
    figure('efficiency', day.efficiencyJPerTh, 'J/TH', {
      reason: day.efficiencyReason,
      better: 'low',
    }),
    figure('hashprice', day.hashpriceUsdPerPhDay, '$/PH/s'),
  ]
}

const money = (digits: number): Intl.NumberFormatOptions => ({
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: digits,
  maximumFractionDigits: digits,
})
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
}

/** Units that the written figure does not show by itself. */
const WRITTEN: readonly Unit[] = ['BTC', 'kWh', 'J/TH', '%']

/** A figure as text in the person's language; null stays null, shown as missing. */
export function textOf({ value, unit }: Pick<Figure, 'value' | 'unit'>, i18n: I18n): string | null {
  if (value === null) return null
  const number = new Intl.NumberFormat(i18n.locale, FORMATS[unit]).format(value)
  return WRITTEN.includes(unit) ? `${number} ${unit}` : number
}

/** A figure with everything that a page says about it. */
export const shownFigure = (one: Figure, i18n: I18n) => ({
  ...one,
  label: i18n.t(`calculator_scenarios.figure.${one.name}`),
  text: textOf(one, i18n),
  why: one.reason ? i18n.t(`calculator.reason.${one.reason}`) : null,
})

export type ShownFigure = ReturnType<typeof shownFigure>
