import type { I18n } from '@adonisjs/i18n'
import type { ProfitAnswer } from './price_miner.js'
import type { InputName, Sourced } from './inputs.js'

/** The example is a set of assumptions, not market data: numerics of the API's golden case. */
export const EXAMPLE_URL =
  '/calculator?count=1000&hashrateThs=200&powerW=3550&usdPerKwh=0.05&poolFeePct=2.5&btcUsd=100000&difficulty=119.12%20T'

export const MAIN_FIELDS = [
  'count',
  'hashrateThs',
  'powerW',
  'usdPerKwh',
  'poolFeePct',
  'btcUsd',
  'difficulty',
] as const

export const EXTRA_FIELDS = [
  'networkHashrateThs',
  'feesSatsPerBlock',
  'subsidySats',
  'overheadPct',
  'fixedUsdPerDay',
] as const

type FieldName = (typeof MAIN_FIELDS)[number] | (typeof EXTRA_FIELDS)[number]

const UNITS: Partial<Record<FieldName, string>> = {
  hashrateThs: 'TH/s',
  powerW: 'W',
  usdPerKwh: '$/kWh',
  poolFeePct: '%',
  btcUsd: '$',
  networkHashrateThs: 'TH/s',
  feesSatsPerBlock: 'sat',
  subsidySats: 'sat',
  overheadPct: '%',
  fixedUsdPerDay: '$',
}

const HELPED: readonly FieldName[] = ['difficulty', 'overheadPct', 'networkHashrateThs']

interface Form {
  query: Record<string, string>
  errors: Record<string, string[]>
  answer: ProfitAnswer | null
  i18n: I18n
}

/** The badge of an input: who says so and, for the market, how old it is. */
export function badge(sourced: Sourced | undefined, answer: ProfitAnswer, i18n: I18n) {
  if (!sourced) return null
  const { source, detail, at, value } = sourced
  if (value === null) return { state: 'missing', name: '', text: i18n.t('calculator.source.none') }
  if (source === 'market') {
    const old = sourced.ageSeconds !== null && sourced.ageSeconds > 129_600
    return { state: old ? 'old' : 'fresh', name: detail, at }
  }
  if (source === 'assumption') {
    return { state: 'typed', name: '', text: i18n.t(`calculator.source.assumption.${detail}`) }
  }
  const grade = answer.model?.evidence ?? ''
  const text = i18n.t(`calculator.source.${source}`, { grade })
  return { state: source === 'typed' ? 'typed' : 'fresh', name: '', text }
}

/** What an empty field stands for: the model's, the setting's or the market's value. */
function usedInstead(name: FieldName, answer: ProfitAnswer | null) {
  const sourced = answer?.sources[name as InputName]
  if (!sourced || sourced.source === 'typed' || sourced.value === null) return ''
  const perMiner = name === 'hashrateThs' || name === 'powerW'
  return String(perMiner ? sourced.value / answer!.count : sourced.value)
}

/** One input as the `field` component wants it; an empty one shows what is used instead. */
export function fieldFor({ query, errors, answer, i18n }: Form) {
  return (name: FieldName) => {
    const sourced = answer?.sources[name as InputName]
    return {
      name,
      type: 'text',
      inputmode: 'decimal',
      autocomplete: 'off',
      label: i18n.t(`calculator.field.${name}`),
      value: query[name] ?? '',
      placeholder: name === 'count' ? '1' : usedInstead(name, answer),
      unit: UNITS[name],
      help: HELPED.includes(name) ? i18n.t(`calculator.help.${name}`) : undefined,
      error: errors[name],
      source: answer && sourced ? badge(sourced, answer, i18n) : null,
    }
  }
}
