import type { I18n } from '@adonisjs/i18n'
import { type AnswerInput, type Reader, typedBy, written } from './answer_input.js'
import type { InputName, Sourced } from './inputs.js'
import type { FutureName } from './projection_inputs.js'
import type { ProfitAnswer } from './price_miner.js'
import { askedInputs } from './asked_inputs.js'
import type { Fields, ScenarioAnswer } from './scenario_answer.js'
import { asSaid, isOld } from './sourced_figure.js'

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

function stateOf(sourced: Sourced): AnswerInput['state'] {
  const { value, source } = sourced
  if (value === null) return 'missing'
  if (source === 'market') return isOld(sourced) ? 'old' : 'fresh'
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

/** An answer with the question that it answers. */
export interface Answered {
  answer: ScenarioAnswer
  query: Fields
}

/**
 * The inputs of an answer, each with its source and age: what it resolved, then what else the
 * question says.
 */
export function inputsOf({ answer, query }: Answered, i18n: I18n, reader: Reader): AnswerInput[] {
  const { day, future } = answer
  const input = (name: InputName | FutureName, sourced: Sourced, label: string): AnswerInput => {
    const { value: total, at, ageSeconds } = sourced
    const value = total === null ? null : asSaid(name, total, day.count)
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
  const resolved = [countOf(day, i18n, reader), ...daily, ...later]
  const known = new Set(resolved.map(({ name }) => name))
  return [...resolved, ...askedInputs(query, known, i18n, reader)]
}

const countOf = ({ count, fleet }: ProfitAnswer, i18n: I18n, reader: Reader): AnswerInput => ({
  name: 'count',
  label: i18n.t('calculator.field.count'),
  value: count,
  unit: '',
  text: written(count, '', i18n),
  state: 'typed',
  source: fleet.by === 'site' ? i18n.t('calculator_scenarios.source.site') : typedBy(reader, i18n),
  at: null,
  ageSeconds: null,
  age: null,
  isSaid: true,
})
