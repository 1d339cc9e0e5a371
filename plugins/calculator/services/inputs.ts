import type { Infer } from '@vinejs/vine/types'
import type { StoredValue } from '#plugins/market/api'
import { BadInput, type InputFault } from '#core/errors'
import { subsidySats } from '#core/chain/subsidy_sats'
import { ageSeconds } from '#core/time'
import { MAX_PUE, siteFleet } from '../domain/fleet_size.js'
import type { ProfitInput } from '../domain/profit.js'
import type { profitQuery } from '../validators.js'
import type { InputContext, KnownModel } from './input_context.js'

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
  /** How well the market's sources agree; null for what is not of the market. */
  quality: StoredValue['quality'] | null
}

export type InputName = keyof ProfitInput
export type Sources = Record<InputName, Sourced>

export interface ResolvedInputs {
  input: ProfitInput
  sources: Sources
  fleet: Fleet
  count: number
  model: ModelCard | null
}

/** How many miners, and where that number comes from. */
export interface Fleet {
  by: 'count' | 'site'
  siteMw: number | null
  pue: number | null
  /** Power at the meter that is left because only whole miners fit; null when a count was given. */
  spareW: number | null
}

export interface ModelCard {
  id: string
  label: string
  evidence: string | null
  note: string | null
}

/** The era that began at height 840,000 (2024-04-20) and ends at 1,050,000. */
const ERA_HEIGHT = 840_000
const ERA = `heights ${ERA_HEIGHT}–1049999`

export type Candidate = Sourced | null

const NOT_OF_THE_MARKET = { at: null, ageSeconds: null, quality: null }

/** What the question says itself. */
export const typed = (value: number | undefined): Candidate =>
  value === undefined ? null : { value, source: 'typed', detail: null, ...NOT_OF_THE_MARKET }

/** A value of somebody else than the market. */
export const named = (
  source: SourceCode,
  value: unknown,
  detail: string | null = null
): Candidate => (typeof value === 'number' ? { value, source, detail, ...NOT_OF_THE_MARKET } : null)

/** A stored value of the market, with its age. */
export function stored(found: StoredValue | null | undefined, now: Date, more = ''): Candidate {
  if (!found) return null
  const { value, source, at, quality } = found
  return {
    value,
    source: 'market',
    detail: source + more,
    at,
    ageSeconds: ageSeconds(new Date(at), now),
    quality,
  }
}

/** The first that is known. */
export const first = (...candidates: Candidate[]) => candidates.find((one) => one !== null) ?? null

/**
 * What the calculation runs on: what was typed, else the chosen model, else the tenant's settings,
 * else the newest stored market value, each with its source and age. What is nowhere is a fault
 * that names the field; no constant ever stands in for a price or a difficulty.
 */
export function resolveInputs(query: ProfitQuery, context: InputContext): ResolvedInputs {
  const model = modelOf(query.modelId, context)
  const { settings } = context
  refuseContradictions(query)
  const plate = plateFigures(query, model)
  const overheadPct =
    typed(query.overheadPct) ??
    fromPue(query.pue) ??
    named('setting', settings.overheadPct) ??
    named('assumption', 0, 'no_overhead')
  const fleet = fleetOf(query, plate.powerW, overheadPct)
  const found: Record<InputName, Candidate> = {
    hashrateThs: times(plate.hashrateThs, fleet.count),
    powerW: times(plate.powerW, fleet.count),
    ...marketFigures(query, context),
    usdPerKwh: typed(query.usdPerKwh) ?? named('setting', settings.usdPerKwh),
    poolFeePct:
      typed(query.poolFeePct) ??
      named('setting', settings.poolFeePct) ??
      named('assumption', 0, 'no_pool_fee'),
    overheadPct,
    fixedUsdPerDay: typed(query.fixedUsdPerDay) ?? named('assumption', 0, 'no_fixed_cost'),
  }
  refuseMissing(found)
  return { ...asInput(found), ...fleet, model: model?.card ?? null }
}

function marketFigures(query: ProfitQuery, context: InputContext) {
  const market = marketOf(context)
  return {
    btcUsd: typed(query.btcUsd) ?? market.btcUsd,
    difficulty: typed(query.difficulty) ?? market.difficulty,
    networkHashrateThs: typed(query.networkHashrateThs) ?? market.networkHashrateThs,
    subsidySats: typed(query.subsidySats) ?? market.subsidySats,
    feesSatsPerBlock: typed(query.feesSatsPerBlock) ?? market.feesSatsPerBlock,
  }
}

type MarketFigures = ReturnType<typeof readMarket>

/** What the market says is the same for every question to one context. */
const markets = new WeakMap<InputContext, MarketFigures>()

function marketOf(context: InputContext): MarketFigures {
  const known = markets.get(context) ?? readMarket(context)
  markets.set(context, known)
  return known
}

function readMarket({ latest, networkMean: mean, now }: InputContext) {
  return {
    btcUsd: stored(latest.price_usd, now),
    difficulty: stored(latest.difficulty, now),
    networkHashrateThs: stored(mean, now, mean ? `, mean of ${mean.days} d` : '') ?? unknown(),
    subsidySats:
      subsidyAt(latest.block_height, now) ??
      named('consensus', Number(subsidySats(ERA_HEIGHT)), ERA),
    feesSatsPerBlock: stored(latest.fees_sats_per_block, now) ?? named('assumption', 0, 'no_fees'),
  }
}

/** The rule of consensus at the newest height that is known. */
function subsidyAt(height: StoredValue | undefined, now: Date): Candidate {
  const known = stored(height, now)
  return known && { ...known, value: Number(subsidySats(height!.value)) }
}

const unknown = (): Sourced => ({
  value: null,
  source: 'market',
  detail: null,
  ...NOT_OF_THE_MARKET,
})

function modelOf(id: string | undefined, { models }: InputContext): KnownModel | null {
  if (!id) return null
  const model = models.get(id)
  if (!model) throw new BadInput([{ field: 'modelId', key: 'calculator.problem.no_model' }])
  return model
}

/** Figures of one miner; typed figures win over the model's. */
function plateFigures(query: ProfitQuery, model: KnownModel | null) {
  const of = (value: number | undefined) =>
    model ? named(model.source, value, model.card.label) : null
  return {
    hashrateThs: typed(query.hashrateThs) ?? of(model?.hashrateThs),
    powerW: typed(query.powerW) ?? of(model?.powerW),
  }
}

const times = (candidate: Candidate, count: number): Candidate =>
  candidate && { ...candidate, value: Number(candidate.value) * count }

const fromPue = (pue: number | undefined): Candidate =>
  pue === undefined
    ? null
    : { value: (pue - 1) * 100, source: 'typed', detail: `PUE ${pue}`, ...NOT_OF_THE_MARKET }

/** Two answers to one question: nobody can tell which is meant. */
function refuseContradictions({ count, siteMw, overheadPct, pue }: ProfitQuery) {
  const faults: InputFault[] = []
  if (count !== undefined && siteMw !== undefined) {
    faults.push({ field: 'siteMw', key: 'calculator.problem.count_or_site' })
  }
  if (overheadPct !== undefined && pue !== undefined) {
    faults.push({ field: 'pue', key: 'calculator.problem.pue_or_overhead' })
  }
  if (faults.length > 0) throw new BadInput(faults)
}

function fleetOf(query: ProfitQuery, powerOfOne: Candidate, overhead: Candidate) {
  const { siteMw } = query
  const pue = 1 + Number(overhead?.value ?? 0) / 100
  if (siteMw === undefined) {
    return { count: query.count ?? 1, fleet: { by: 'count', ...NO_SITE } satisfies Fleet }
  }
  const powerW = powerOfOne?.value ?? 0
  if (powerW <= 0) throw new BadInput([{ field: 'powerW', key: 'calculator.problem.no_power' }])
  if (pue > MAX_PUE) {
    throw new BadInput([{ field: 'overheadPct', key: 'calculator.problem.overhead_of_site' }])
  }
  const { count, spareW } = siteFleet(siteMw, pue, powerW)
  if (count === 0) {
    throw new BadInput([{ field: 'siteMw', key: 'calculator.problem.site_too_small' }])
  }
  return { count, fleet: { by: 'site', siteMw, pue, spareW } satisfies Fleet }
}

const NO_SITE = { siteMw: null, pue: null, spareW: null }

const MISSING: Partial<Record<InputName, string>> = {
  hashrateThs: 'calculator.problem.no_hashrate',
  powerW: 'calculator.problem.no_power',
  usdPerKwh: 'calculator.problem.no_electricity_price',
  btcUsd: 'calculator.problem.no_btc_price',
  difficulty: 'calculator.problem.no_difficulty',
}

const NEEDED = Object.keys(MISSING) as InputName[]

function refuseMissing(found: Record<InputName, Candidate>) {
  const missing = NEEDED.filter((field) => found[field] === null)
  if (missing.length === 0) return
  throw new BadInput(missing.map((field): InputFault => ({ field, key: MISSING[field]! })))
}

function asInput(found: Record<InputName, Candidate>) {
  const sources = found as Sources
  const input = {} as Record<InputName, number | null>
  for (const name of Object.keys(sources) as InputName[]) input[name] = sources[name].value
  return { input: input as unknown as ProfitInput, sources }
}
