import type { I18n } from '@adonisjs/i18n'
import { deviationLevel } from '../domain/deviation_level.js'
import type { ExplainStep } from '../domain/explain_profit.js'
import { usdFormat as usd } from './formats.js'
import type { ProfitAnswer } from './price_miner.js'

/** Figures of an answer as texts of the person's language. null stays null: shown as missing. */
export function presentAnswer(answer: ProfitAnswer, i18n: I18n) {
  const number = (value: number | null, options: Intl.NumberFormatOptions) =>
    value === null ? null : new Intl.NumberFormat(i18n.locale, options).format(value)
  return {
    profit: number(answer.profitUsdPerDay, usd(2)),
    revenue: number(answer.revenueUsdPerDay, usd(2)),
    electricity: number(answer.electricityUsdPerDay, usd(2)),
    btcPerDay: number(answer.btcPerDay, { minimumFractionDigits: 8, maximumFractionDigits: 8 }),
    breakEvenUsdPerBtc: number(answer.breakEvenUsdPerBtc, usd(0)),
    breakEvenUsdPerKwh: number(answer.breakEvenUsdPerKwh, usd(5)),
    deviation: number(answer.deviationPct === null ? null : answer.deviationPct / 100, {
      style: 'percent',
      signDisplay: 'exceptZero',
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }),
    byNetwork: number(answer.btcPerDayByNetwork, {
      minimumFractionDigits: 8,
      maximumFractionDigits: 8,
    }),
    hashprice: number(answer.hashpriceUsdPerPhDay, usd(2)),
    efficiency: number(answer.efficiencyJPerTh, { maximumFractionDigits: 1 }),
    energyShare: number(answer.energyShareOfRevenue, {
      style: 'percent',
      maximumFractionDigits: 1,
    }),
    explain: answer.explain.map((step) => sentence(step, i18n)),
  }
}

const KINDS = { agree: 'good', amber: 'warn', red: 'bad' } as const

/** How far the two estimates may lie apart before it is worth a look (5 %) or a warning (15 %). */
export const deviationKind = (deviationPct: number | null) => {
  const level = deviationLevel(deviationPct)
  return level === null ? 'neutral' : KINDS[level]
}

/** A line of the calculation with its values in it. A reason is part of the code: flat keys. */
function sentence({ code, values }: ExplainStep, i18n: I18n) {
  const key = code.replace('calculator.explain.', '').replace('.', '_')
  const texts = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value === null ? '—' : new Intl.NumberFormat(i18n.locale, formatOf(name)).format(value),
    ])
  )
  return i18n.t(`calculator.explain.${key}`, texts)
}

const digits = (least: number, most: number): Intl.NumberFormatOptions => ({
  minimumFractionDigits: least,
  maximumFractionDigits: most,
})

/** Name of a value → how many digits people expect of it; the first that fits. */
const FORMATS: readonly [RegExp, Intl.NumberFormatOptions][] = [
  [/UsdPerKwh$/i, digits(2, 5)],
  [/btcPerDay/i, digits(8, 8)],
  [/usd/i, digits(2, 2)],
  [/sats/i, digits(0, 0)],
  [/deviationPct/, digits(1, 1)],
]

const formatOf = (name: string) =>
  FORMATS.find(([pattern]) => pattern.test(name))?.[1] ?? digits(0, 2)
