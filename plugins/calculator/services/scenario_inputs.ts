import type { I18n } from '@adonisjs/i18n'
import { usdFormat } from './formats.js'
import type { InputName, Sourced } from './inputs.js'
import type { FutureName } from './projection_inputs.js'
import type { ProfitAnswer } from './price_miner.js'
import type { ScenarioAnswer } from './scenario_answer.js'

/** Who reads: to people outside, "your company" is the company that shared. */
export type Reader = 'company' | 'public'

const UNITS: Partial<Record<InputName | FutureName, string>> = {
  hashrateThs: 'TH/s',
  powerW: 'W',
  usdPerKwh: '$/kWh',
  poolFeePct: '%',
  btcUsd: '$',
  networkHashrateThs: 'TH/s',
  subsidySats: 'sat',
  feesSatsPerBlock: 'sat',
  overheadPct: '%',
  fixedUsdPerDay: '$',
  days: 'd',
  difficultyGrowthPctPerEpoch: '%',
  priceGrowthPctPerMonth: '%',
  priceGrowthPctPerYear: '%',
  uptimePct: '%',
  degradationPctPerMonth: '%',
  demandUsdPerKwMonth: '$/kW',
  capexUsd: '$',
  discountPctPerYear: '%',
  taxRatePct: '%',
}

/** Of the investment, after those of the day. */
const FUTURE_ORDER: readonly FutureName[] = [
  'capexUsd',
  'days',
  'startHeight',
  'difficultyGrowthPctPerEpoch',
  'priceGrowthPctPerYear',
  'priceGrowthPctPerMonth',
  'uptimePct',
  'degradationPctPerMonth',
  'demandUsdPerKwMonth',
  'discountPctPerYear',
  'taxRatePct',
]

const ORDER: readonly InputName[] = [
  'hashrateThs',
  'powerW',
  'usdPerKwh',
  'poolFeePct',
  'btcUsd',
  'difficulty',
  'networkHashrateThs',
  'subsidySats',
  'feesSatsPerBlock',
  'overheadPct',
  'fixedUsdPerDay',
]

const PER_MINER: readonly InputName[] = ['hashrateThs', 'powerW']
/** Older than a day and a half: a daily value missed its day. */
const OLD_AFTER_S = 129_600

/** One input of an answer: its value and who says so. */
export interface AnswerInput {
  name: string
  label: string
  value: number | null
  unit: string
  /** The value as text; null when it is missing. */
  text: string | null
  state: 'fresh' | 'old' | 'missing' | 'typed'
  source: string
  /** When a market value was true, ISO 8601. */
  at: string | null
  /** How old it was when the answer was computed. */
  ageSeconds: number | null
  /** The same in words; null for what has no age. */
  age: string | null
  /** Not merely assumed. */
  isSaid: boolean
}

/** What one miner has: sums of floats may carry a last digit that nobody typed. */
const perMiner = (value: number, count: number) => Number((value / count).toPrecision(14))

function stateOf({ value, source, ageSeconds }: Sourced): AnswerInput['state'] {
  if (value === null) return 'missing'
  if (source === 'market') return (ageSeconds ?? 0) > OLD_AFTER_S ? 'old' : 'fresh'
  return source === 'typed' || source === 'assumption' ? 'typed' : 'fresh'
}

function sourceText(sourced: Sourced, day: ProfitAnswer, i18n: I18n, reader: Reader): string {
  const { source, detail, value, quality } = sourced
  if (value === null) return i18n.t('calculator_scenarios.source.none')
  if (source === 'market') {
    const words = quality ? i18n.t(`calculator_scenarios.quality.${quality}`) : ''
    return [detail, words].filter(Boolean).join(', ')
  }
  if (source === 'assumption') return i18n.t(`calculator_projection.assumption.${detail}`)
  if (reader === 'public' && (source === 'typed' || source === 'setting')) {
    return i18n.t(`calculator_scenarios.source.${source}`)
  }
  return i18n.t(`calculator.source.${source}`, { grade: day.model?.evidence ?? '' })
}

const MONEY: Intl.NumberFormatOptions = { ...usdFormat(2), maximumFractionDigits: 6 }

/** A value with its unit; money begins with its sign. */
function written(value: number, unit: string, i18n: I18n): string {
  const isMoney = unit.startsWith('$')
  const options = isMoney ? MONEY : { maximumFractionDigits: 6 }
  const number = new Intl.NumberFormat(i18n.locale, options).format(value)
  return isMoney ? number + unit.slice(1) : [number, unit].filter(Boolean).join(' ')
}

const SPANS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** "2 min old": how old a value was when it was used. */
function ageText(seconds: number | null, i18n: I18n): string | null {
  if (seconds === null) return null
  const [unit, length] = SPANS.find(([, size]) => seconds >= size) ?? SPANS[3]
  const options: Intl.NumberFormatOptions = { style: 'unit', unit, unitDisplay: 'short' }
  const age = new Intl.NumberFormat(i18n.locale, options).format(Math.floor(seconds / length))
  return i18n.t('calculator_scenarios.source.age', { age })
}

/** The inputs of an answer in the order of the form, each with its source and age. */
export function inputsOf(answer: ScenarioAnswer, i18n: I18n, reader: Reader): AnswerInput[] {
  const { day, future } = answer
  const input = (name: InputName | FutureName, sourced: Sourced, label: string): AnswerInput => {
    const { value: total, at, ageSeconds } = sourced
    const isPerMiner = total !== null && PER_MINER.includes(name as InputName)
    const value = isPerMiner ? perMiner(total, day.count) : total
    const unit = UNITS[name] ?? ''
    return {
      name,
      label,
      value,
      unit,
      text: value === null ? null : written(value, unit, i18n),
      state: stateOf(sourced),
      source: sourceText(sourced, day, i18n, reader),
      at,
      ageSeconds,
      age: ageText(ageSeconds, i18n),
      isSaid: sourced.source !== 'assumption' && value !== null,
    }
  }
  const daily = ORDER.map((name) =>
    input(name, day.sources[name], i18n.t(`calculator.field.${name}`))
  )
  const later = FUTURE_ORDER.flatMap((name) => {
    const sourced = future?.sources[name]
    return sourced ? [input(name, sourced, i18n.t(`calculator_scenarios.input.${name}`))] : []
  })
  return [countOf(day, i18n, reader), ...daily, ...later]
}

const countOf = ({ count }: ProfitAnswer, i18n: I18n, reader: Reader): AnswerInput => ({
  name: 'count',
  label: i18n.t('calculator.field.count'),
  value: count,
  unit: '',
  text: written(count, '', i18n),
  state: 'typed',
  source: i18n.t(`${reader === 'public' ? 'calculator_scenarios' : 'calculator'}.source.typed`),
  at: null,
  ageSeconds: null,
  age: null,
  isSaid: true,
})
