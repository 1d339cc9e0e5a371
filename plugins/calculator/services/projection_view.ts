import type { I18n } from '@adonisjs/i18n'
import { usdFormat } from './formats.js'
import type { ProjectionAnswer } from './project_miner.js'

const DAY_MS = 86_400_000

/** The moment at which day `day` of a projection begins, in ms. */
export const dayMs = (startDate: string, day: number) =>
  Date.parse(`${startDate}T00:00:00Z`) + day * DAY_MS

const usdOf = (cents: bigint) => Number(cents) / 100

/** Figures of an investment as texts of the person's language; null stays null, with its reason. */
export function moneyOf(answer: ProjectionAnswer, i18n: I18n) {
  const { returns, totals, days } = answer
  const format = (value: number | null, options: Intl.NumberFormatOptions) =>
    value === null ? null : new Intl.NumberFormat(i18n.locale, options).format(value)
  const usd = (value: number | null) => format(value, usdFormat(0))
  const percent = (value: number | null) =>
    format(value, { style: 'percent', maximumFractionDigits: 1 })
  return {
    npv: usd(returns.npvUsd),
    irr: percent(returns.irrAnnual),
    payback: spanOf(returns.paybackDays, i18n),
    discountedPayback: spanOf(returns.discountedPaybackDays, i18n),
    roi: percent(returns.roiPct === null ? null : returns.roiPct / 100),
    cash: usd(usdOf(totals.cashCents)),
    btc: format(Number(totals.sats) / 1e8, { maximumFractionDigits: 4 }),
    horizon: spanOf(days, i18n),
    breakEvenDifficulty: format(
      answer.breakEven.breakEvenDifficulty && answer.breakEven.breakEvenDifficulty / 1e12,
      { maximumFractionDigits: 2 }
    ),
  }
}

/** "14 mo" below two years, "3.2 yr" above, in the language of the person. */
function spanOf(days: number | null, i18n: I18n) {
  if (days === null) return null
  const isLong = days >= 730
  return new Intl.NumberFormat(i18n.locale, {
    style: 'unit',
    unit: isLong ? 'year' : days >= 60 ? 'month' : 'day',
    maximumFractionDigits: 1,
  }).format(isLong ? days / 365 : days >= 60 ? days / 30 : days)
}

type Point = [ms: number, usd: number]

/** The balance by month: what was paid for the machines, then the cash so far; resale left out. */
export function balanceSeries(answer: ProjectionAnswer, cumulative: readonly bigint[]): Point[] {
  const { startDate, months } = answer
  const paid = answer.capexCents ?? 0n
  return [
    [dayMs(startDate, 0), usdOf(-paid)],
    ...cumulative.map((cents, index): Point => [
      dayMs(startDate, months[index]!.day + months[index]!.days),
      usdOf(cents - paid),
    ]),
  ]
}

/** More retargets than this would be a fence in front of the curve. */
const MOST_RETARGETS = 140

/** Halvings, retargets where they leave room, and the day on which the money is back. */
export function chartEvents(answer: ProjectionAnswer, i18n: I18n) {
  const { startDate, marks, returns } = answer
  const at = (day: number) => dayMs(startDate, day)
  const halvings = marks.filter(({ kind }) => kind === 'halving')
  const retargets = marks.filter(({ kind }) => kind === 'retarget')
  const shown = retargets.length <= MOST_RETARGETS ? retargets : []
  return [
    ...shown.map(({ day }) => ({ from: at(day), label: '', kind: 'line' })),
    ...halvings.map(({ day }) => ({
      from: at(day),
      label: i18n.t('calculator.future.halving'),
      kind: 'violet',
    })),
    ...(returns.paybackDays === null || returns.paybackDays === 0
      ? []
      : [
          {
            from: at(returns.paybackDays),
            label: i18n.t('calculator.future.paid_back'),
            kind: 'good',
          },
        ]),
  ]
}

/** Bitcoin price assumed and bitcoin price needed, by month. */
export function breakEvenSeries({ startDate, months }: ProjectionAnswer) {
  return {
    price: months.map((month): Point => [dayMs(startDate, month.day), month.btcUsd]),
    needed: months.map(({ day, breakEven }): [number, number | null] => [
      dayMs(startDate, day),
      breakEven.usdPerBtc,
    ]),
  }
}
