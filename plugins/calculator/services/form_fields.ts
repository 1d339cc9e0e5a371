import type { I18n } from '@adonisjs/i18n'
import type { StoredValue } from '#plugins/market/api'
import type { FormField } from './calculator_form.js'
import type { InputContext } from './input_context.js'
import type { Sourced } from './inputs.js'
import { asSaid, isOld } from './sourced_figure.js'

export interface FormState {
  query: Record<string, string>
  errors: Record<string, string[]>
  /** Everything that was resolved, by its name: of the day and of the projection. */
  sources: Partial<Record<string, Sourced>>
  /** Of the chosen model; a letter. */
  evidence: string
  count: number
  context: InputContext
  i18n: I18n
}

/** Fields of the form whose resolved figure goes by another name. */
export const RESOLVED_AS: Record<string, string> = {
  capexUsdPerMiner: 'capexUsd',
  difficultyGrowthPctPerMonth: 'difficultyGrowthPctPerEpoch',
}

interface Badge {
  state: 'fresh' | 'old' | 'missing' | 'typed' | 'disputed'
  name: string
  text?: string
  at?: string | null
}

/** The badge of an input: who says so and, for the market, how old it is and whether sources agree. */
export function badgeOf(
  sourced: Sourced | undefined,
  { evidence, i18n }: Pick<FormState, 'evidence' | 'i18n'>
): Badge | null {
  if (!sourced) return null
  const { source, detail, value } = sourced
  if (value === null) return { state: 'missing', name: '', text: i18n.t('calculator.source.none') }
  if (source === 'market') return marketBadge(sourced)
  const text =
    source === 'assumption'
      ? i18n.t(`calculator_projection.assumption.${detail}`)
      : i18n.t(`calculator.source.${source}`, { grade: evidence })
  const isOurs = source === 'typed' || source === 'assumption'
  return { state: isOurs ? 'typed' : 'fresh', name: '', text }
}

function marketBadge(sourced: Sourced): Badge {
  const age = isOld(sourced) ? 'old' : 'fresh'
  const state = sourced.quality === 'disputed' ? 'disputed' : age
  return { state, name: sourced.detail ?? '', at: sourced.at }
}

/** What an empty field stands for: the model's, the setting's or the market's value. */
function usedInstead(name: string, { sources, count }: FormState) {
  if (name === 'count') return '1'
  const sourced = sources[name]
  if (!sourced || sourced.source === 'typed' || sourced.value === null) return ''
  return String(asSaid(name, sourced.value, count))
}

const STORED_FIELDS: Record<string, (context: InputContext) => StoredValue | null | undefined> = {
  btcUsd: ({ latest }) => latest.price_usd,
  difficulty: ({ latest }) => latest.difficulty,
  networkHashrateThs: ({ networkMean }) => networkMean,
  feesSatsPerBlock: ({ latest }) => latest.fees_sats_per_block,
  startHeight: ({ latest }) => latest.block_height,
}

/** The stored value that a typed one stands in for, so that one can go back to it. */
function storedBeside(name: string, { query, context, i18n }: FormState): string | null {
  const found = STORED_FIELDS[name]?.(context)
  if (!found || !query[name]) return null
  const value = new Intl.NumberFormat(i18n.locale, { maximumSignificantDigits: 8 }).format(
    found.value
  )
  return i18n.t('calculator.live', { value, source: found.source })
}

/** One input as the `field` component wants it; an empty one shows what is used instead. */
export function fieldFor(state: FormState) {
  const { errors, i18n } = state
  return (field: FormField) => {
    const { name, kind, unit, values, isHelped } = field
    const isNumber = kind === 'number'
    return {
      name,
      type: isNumber ? 'text' : kind,
      inputmode: isNumber ? 'decimal' : undefined,
      autocomplete: 'off',
      label: i18n.t(`calculator.field.${name}`),
      value: valueOf(name, state),
      placeholder: isNumber ? usedInstead(name, state) : undefined,
      unit,
      options: values?.map((value) => ({
        value,
        label: i18n.t(`calculator.choice.${name}.${value}`),
      })),
      help: isHelped ? i18n.t(`calculator.help.${name}`) : undefined,
      error: errorOf(name, errors),
      source: badgeOf(state.sources[RESOLVED_AS[name] ?? name], state),
      stored: storedBeside(name, state),
    }
  }
}

/** Faults of a list name the entry, `tariffBlocks.1.usdPerKwh`; they belong beside the list. */
const errorOf = (name: string, errors: FormState['errors']) =>
  Object.entries(errors).find(([field]) => field === name || field.startsWith(`${name}.`))?.[1]

/** What was typed; a choice that nobody made shows the one in use. */
function valueOf(name: string, { query, sources }: FormState) {
  if (query[name] !== undefined || name !== 'days') return query[name] ?? ''
  return String(sources.days?.value ?? '')
}
