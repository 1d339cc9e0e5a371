import type { I18n } from '@adonisjs/i18n'
import type Batch from '../models/batch.js'
import { SHARED_FIELDS, type SharedField } from '../batch_validators.js'
import { thaw } from './batch_context.js'
import { type Sourced, resolveInputs } from './inputs.js'
import type { InputContext } from './input_context.js'
import type { SharedInputs } from './batch_rows.js'

/** Stands in for what only a row can say; its own figures are not looked at. */
const ANY_MINER = { hashrateThs: 1, powerW: 1 }
const ANY_PRICE = { usdPerKwh: 0, btcUsd: 1, difficulty: 1 }

/**
 * What holds for rows that say nothing themselves, each with its source: by the calculator's own
 * rules, for all inputs but the miner. Null is what every row has to bring.
 */
export function sharedSources(
  shared: SharedInputs,
  context: InputContext
): Record<SharedField, Sourced | null> {
  const missing = Object.fromEntries(
    Object.entries(ANY_PRICE).filter(([field]) => !isKnown(field as SharedField, shared, context))
  )
  const { sources } = resolveInputs({ ...ANY_MINER, ...missing, ...shared }, context)
  const entries = SHARED_FIELDS.map((field) => [
    field,
    field in missing || sources[field].value === null ? null : sources[field],
  ])
  return Object.fromEntries(entries) as Record<SharedField, Sourced | null>
}

function isKnown(field: SharedField, shared: SharedInputs, { latest, settings }: InputContext) {
  const known: Partial<Record<SharedField, unknown>> = {
    usdPerKwh: settings.usdPerKwh,
    btcUsd: latest.price_usd,
    difficulty: latest.difficulty,
  }
  return (shared[field] ?? known[field] ?? null) !== null
}

/** One input as the page shows it: a badge with source and age. */
export interface SharedInput {
  field: SharedField
  value: number | null
  source: { state: string; name: string; at: string | null; text?: string }
}

/** The inputs of the whole batch, with badges. */
export function sharedInputs(
  shared: SharedInputs,
  context: InputContext,
  i18n: I18n
): SharedInput[] {
  const sources = sharedSources(shared, context)
  return SHARED_FIELDS.filter((field) => field !== 'networkHashrateThs').map((field) => {
    const sourced = sources[field]
    return { field, value: sourced?.value ?? null, source: badgeOf(sourced, i18n) }
  })
}

function badgeOf(sourced: Sourced | null, i18n: I18n): SharedInput['source'] {
  if (!sourced) {
    return { state: 'typed', name: '', at: null, text: i18n.t('calculator_batch.perRow') }
  }
  const { source, detail, at } = sourced
  if (source === 'market') return { state: 'fresh', name: detail ?? '', at }
  const key =
    source === 'assumption'
      ? `calculator_projection.assumption.${detail}`
      : `calculator.source.${source}`
  const state = source === 'typed' || source === 'assumption' ? 'typed' : 'fresh'
  return { state, name: '', at: null, text: i18n.t(key, { grade: '' }) }
}

/** The same as lines of a file. */
export function sourceLines(batch: Batch, i18n: I18n): string[][] {
  if (!batch.context) return []
  return sharedInputs(batch.shared, thaw(batch.context), i18n).map(({ field, value, source }) => [
    i18n.t(`calculator.field.${field}`),
    [value === null ? '—' : String(value), source.name, source.text, source.at]
      .filter(Boolean)
      .join(', '),
  ])
}
