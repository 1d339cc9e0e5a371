import type { Infer } from '@vinejs/vine/types'
import { latestValues, networkHashrateMean, type StoredValue } from '#plugins/market/api'
import { current } from '#core/current'
import { BadInput, type InputFault } from '#core/errors'
import { ageSeconds } from '#core/time'
import type { ProfitInput } from '../domain/profit.js'
import { subsidySats } from '../domain/subsidy_sats.js'
import CatalogueModel from '../models/catalogue_model.js'
import OwnModel from '../models/own_model.js'
import plugin from '../plugin.js'
import type { profitQuery } from '../validators.js'

export type ProfitQuery = Infer<typeof profitQuery>

/** Who says so. `assumption` is ours and named as such. */
export type SourceCode =
  'typed' | 'catalogue' | 'own_model' | 'setting' | 'market' | 'consensus' | 'assumption'

export interface Sourced {
  value: number | null
  source: SourceCode
  /** Name of the model, the provider or the rule. */
  detail: string | null
  /** When it was true, for values of the market. */
  at: string | null
  ageSeconds: number | null
}

export type InputName = keyof ProfitInput
export type Sources = Record<InputName, Sourced>

export interface ResolvedInputs {
  input: ProfitInput
  sources: Sources
  count: number
  model: { id: string; label: string; evidence: string | null; note: string | null } | null
}

/** The era that began at height 840,000 (2024-04-20) and ends at 1,050,000. */
const ERA_HEIGHT = 840_000
const ERA = `heights ${ERA_HEIGHT}–1049999`

type Candidate = Sourced | null

const typed = (value: number | undefined): Candidate =>
  value === undefined ? null : { value, source: 'typed', detail: null, at: null, ageSeconds: null }

const named = (source: SourceCode, value: unknown, detail: string | null = null): Candidate =>
  typeof value === 'number' ? { value, source, detail, at: null, ageSeconds: null } : null

function stored(found: StoredValue | null | undefined, now: Date, more = ''): Candidate {
  if (!found) return null
  const { value, source, at } = found
  return {
    value,
    source: 'market',
    detail: source + more,
    at,
    ageSeconds: ageSeconds(new Date(at), now),
  }
}

const first = (...candidates: Candidate[]) => candidates.find((one) => one !== null) ?? null

/**
 * What the calculation runs on: what was typed, else the chosen model, else the tenant's settings,
 * else the newest stored market value, each with its source and age. What is nowhere is a fault
 * that names the field; no constant ever stands in for a price or a difficulty.
 */
export async function resolveInputs(query: ProfitQuery, now: Date): Promise<ResolvedInputs> {
  const model = await findModel(query.modelId)
  const settings = await plugin.readSettings()
  const count = query.count ?? 1
  const found: Record<InputName, Candidate> = {
    ...modelFigures(query, model, count),
    ...(await marketFigures(query, now)),
    usdPerKwh: first(typed(query.usdPerKwh), named('setting', settings.usdPerKwh)),
    poolFeePct: first(
      typed(query.poolFeePct),
      named('setting', settings.poolFeePct),
      named('assumption', 0, 'no_pool_fee')
    ),
    overheadPct: first(
      typed(query.overheadPct),
      named('setting', settings.overheadPct),
      named('assumption', 0, 'no_overhead')
    ),
    fixedUsdPerDay: first(typed(query.fixedUsdPerDay), named('assumption', 0, 'no_fixed_cost')),
  }
  refuseMissing(found)
  return { ...asInput(found), count, model: model?.card ?? null }
}

async function marketFigures(query: ProfitQuery, now: Date) {
  const latest = await latestValues(['price_usd', 'difficulty'])
  const mean = query.networkHashrateThs === undefined ? await networkHashrateMean() : null
  const network = stored(mean, now, mean ? `, mean of ${mean.days} d` : '')
  return {
    btcUsd: first(typed(query.btcUsd), stored(latest.price_usd, now)),
    difficulty: first(typed(query.difficulty), stored(latest.difficulty, now)),
    networkHashrateThs: first(typed(query.networkHashrateThs), network) ?? unknown(),
    subsidySats: first(
      typed(query.subsidySats),
      named('consensus', Number(subsidySats(ERA_HEIGHT)), ERA)
    ),
    feesSatsPerBlock: first(typed(query.feesSatsPerBlock), named('assumption', 0, 'no_fees')),
  }
}

const unknown = (): Sourced => ({
  value: null,
  source: 'market',
  detail: null,
  at: null,
  ageSeconds: null,
})

interface FoundModel {
  hashrateThs: number
  powerW: number
  source: SourceCode
  card: NonNullable<ResolvedInputs['model']>
}

async function findModel(id: string | undefined): Promise<FoundModel | null> {
  if (!id) return null
  const known = await CatalogueModel.find(id)
  if (known) return { ...plateOf(known), source: 'catalogue', card: cardOf(known) }
  const own = current.get().tenantId ? await OwnModel.find(id) : null
  if (!own) throw new BadInput([{ field: 'modelId', key: 'calculator.problem.no_model' }])
  const card = { id: own.id, label: own.label, evidence: null, note: own.note }
  return { ...plateOf(own), source: 'own_model', card }
}

const plateOf = ({ hashrateThs, powerW }: { hashrateThs: number; powerW: number }) => ({
  hashrateThs,
  powerW,
})

const cardOf = (model: CatalogueModel) => ({
  id: model.id,
  label: model.label,
  evidence: model.evidence,
  note: model.evidenceNote,
})

/** Figures of one miner times the count; typed figures win over the model's. */
function modelFigures(query: ProfitQuery, model: FoundModel | null, count: number) {
  const times = (candidate: Candidate): Candidate =>
    candidate && { ...candidate, value: Number(candidate.value) * count }
  const of = (value: number | undefined) =>
    model ? named(model.source, value, model.card.label) : null
  return {
    hashrateThs: times(first(typed(query.hashrateThs), of(model?.hashrateThs))),
    powerW: times(first(typed(query.powerW), of(model?.powerW))),
  }
}

const MISSING: Partial<Record<InputName, string>> = {
  hashrateThs: 'calculator.problem.no_hashrate',
  powerW: 'calculator.problem.no_power',
  usdPerKwh: 'calculator.problem.no_electricity_price',
  btcUsd: 'calculator.problem.no_btc_price',
  difficulty: 'calculator.problem.no_difficulty',
}

function refuseMissing(found: Record<InputName, Candidate>) {
  const faults: InputFault[] = Object.entries(MISSING)
    .filter(([field]) => found[field as InputName] === null)
    .map(([field, key]) => ({ field, key }))
  if (faults.length > 0) throw new BadInput(faults)
}

function asInput(found: Record<InputName, Candidate>) {
  const sources = found as Sources
  const input = Object.fromEntries(
    Object.entries(sources).map(([name, { value }]) => [name, value])
  ) as unknown as ProfitInput
  return { input, sources }
}
