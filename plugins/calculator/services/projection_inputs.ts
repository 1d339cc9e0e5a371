import { subsidySats } from '#core/chain/subsidy_sats'
import { BadInput } from '#core/errors'
import { epochGrowthPct } from '../domain/epoch_growth.js'
import type { ProjectionInput } from '../domain/projection_input.js'
import { type UptimeBand, uptimeBand } from '../domain/uptime_band.js'
import type { InputContext } from './input_context.js'
import {
  type Candidate,
  first,
  type InputName,
  named,
  type Sourced,
  stored,
  typed,
} from './inputs.js'
import { type ResolvedDay, resolveDay } from './projection_day.js'
import {
  downtimeOf,
  feesOf,
  pricePathOf,
  type ProjectionQuery,
  resaleOf,
  taxOf,
} from './projection_terms.js'

const FIVE_YEARS_DAYS = 1825

/** Figures of a projection beyond those of a day; growth of the price only where there is any. */
export type FutureName =
  | 'startHeight'
  | 'days'
  | 'difficultyGrowthPctPerEpoch'
  | 'priceGrowthPctPerMonth'
  | 'priceGrowthPctPerYear'
  | 'uptimePct'
  | 'degradationPctPerMonth'
  | 'demandUsdPerKwMonth'
  | 'capexUsd'
  | 'discountPctPerYear'
  | 'taxRatePct'

export type ProjectionSources = Record<InputName, Sourced> & Partial<Record<FutureName, Sourced>>

export interface ResolvedProjection extends ResolvedDay {
  input: ProjectionInput
  sources: ProjectionSources
  /** Uptimes when the unplanned downtime has a low and a high; else null. */
  band: UptimeBand | null
  /** Of the network, in percent; null: unknown. */
  poolSharePct: number | null
  /** Codes of everything that was assumed because nobody said it. */
  assumptions: string[]
}

/**
 * What a projection runs on, each figure with its source: typed, settings, market, or an assumption
 * that is named. Throws BadInput that names what is missing, contradictory or impossible.
 */
export function resolveProjection(
  query: ProjectionQuery,
  context: InputContext
): ResolvedProjection {
  const day = resolveDay(query, context)
  const downtime = downtimeOf(query)
  const uptimes = downtime && uptimeBand(downtime)
  const found = futureFigures(query, context, { count: day.count, uptimes })
  const startHeight = heightOf(found.startHeight)
  refuseOtherSubsidy(query, startHeight)
  const sources = { ...day.sources, ...known(found) }
  const fees = feesOf(query, day.sources.feesSatsPerBlock.value ?? 0)
  const startDate = query.startDate ?? context.now.toISOString().slice(0, 10)
  return {
    ...day,
    input: { ...machineOf(day, found), ...choicesOf(query, found), startHeight, fees, startDate },
    sources,
    band: uptimes && uptimes.low < uptimes.high ? uptimes : null,
    poolSharePct: query.poolSharePct ?? null,
    assumptions: assumptionsOf(query, sources),
  }
}

type Found = Partial<Record<FutureName, Candidate>>

const value = (candidate: Candidate | undefined): number => candidate!.value!

function machineOf({ day, tariff, hosting, count }: ResolvedDay, found: Found) {
  return {
    hashrateThs: day.hashrateThs,
    powerW: day.powerW,
    miners: count,
    overheadPct: day.overheadPct ?? 0,
    uptimePct: value(found.uptimePct),
    degradationPctPerMonth: value(found.degradationPctPerMonth),
    difficulty: day.difficulty,
    epochGrowthPct: value(found.difficultyGrowthPctPerEpoch),
    poolFeePct: day.poolFeePct,
    btcUsd: day.btcUsd,
    tariff,
    hosting,
    fixedUsdPerDay: day.fixedUsdPerDay ?? 0,
    discountPctPerYear: value(found.discountPctPerYear),
    days: value(found.days),
  }
}

/** What is no figure, or hangs on the investment. */
function choicesOf(query: ProjectionQuery, found: Found) {
  const capexUsd = found.capexUsd?.value ?? null
  return {
    poolScheme: query.poolScheme ?? 'fpps',
    pricePath: pricePathOf(query),
    capexUsd,
    resale: resaleOf(query),
    tax: taxOf(query, capexUsd),
    shutdownWhenNegative: query.shutdownWhenNegative ?? false,
  }
}

function futureFigures(
  query: ProjectionQuery,
  { latest, now }: InputContext,
  { count, uptimes }: { count: number; uptimes: UptimeBand | null }
): Found {
  const assume = (said: number | undefined, otherwise: number, code: string) =>
    first(typed(said), named('assumption', otherwise, code))
  return {
    ...growthOf(query),
    startHeight: first(typed(query.startHeight), stored(latest.block_height, now)),
    days: assume(query.days, FIVE_YEARS_DAYS, 'five_years'),
    uptimePct: uptimes
      ? named('typed', uptimes.mid, 'from_downtime')
      : assume(query.uptimePct, 100, 'always_on'),
    degradationPctPerMonth: assume(query.degradationPctPerMonth, 0, 'no_degradation'),
    demandUsdPerKwMonth: assume(query.demandUsdPerKwMonth, 0, 'no_demand_charge'),
    capexUsd: capexOf(query, count),
    discountPctPerYear: assume(query.discountPctPerYear, 0, 'no_discount'),
    taxRatePct: assume(query.taxRatePct, 0, 'no_tax'),
  }
}

/** Growth of difficulty and price: none unless said, and then that is an assumption with a name. */
function growthOf(query: ProjectionQuery): Found {
  const { difficultyGrowthPctPerMonth: pctPerMonth, difficultyGrowthPctPerEpoch } = query
  const difficulty =
    pctPerMonth === undefined
      ? first(typed(difficultyGrowthPctPerEpoch), named('assumption', 0, 'no_growth'))
      : named('typed', epochGrowthPct(pctPerMonth), 'from_month')
  const path = pricePathOf(query)
  return {
    difficultyGrowthPctPerEpoch: difficulty,
    priceGrowthPctPerMonth: typed(query.priceGrowthPctPerMonth),
    priceGrowthPctPerYear:
      path.kind === 'flat'
        ? named('assumption', 0, 'flat_price')
        : typed(query.priceGrowthPctPerYear),
  }
}

function capexOf({ capexUsd, capexUsdPerMiner }: ProjectionQuery, count: number): Candidate {
  if (capexUsdPerMiner !== undefined) return named('typed', capexUsdPerMiner * count, 'per_miner')
  return typed(capexUsd) ?? { ...typed(0)!, value: null }
}

function heightOf(found: Candidate | undefined): number {
  if (found?.value !== null && found?.value !== undefined) return found.value
  throw new BadInput([{ field: 'startHeight', key: 'calculator_projection.problem.no_height' }])
}

/** A projection follows the rule of consensus by height: another subsidy would be ignored. */
function refuseOtherSubsidy({ subsidySats: said }: ProjectionQuery, height: number): void {
  const subsidy = Number(subsidySats(height))
  if (said === undefined || said === subsidy) return
  const key = 'calculator_projection.problem.other_subsidy'
  throw new BadInput([{ field: 'subsidySats', key, args: { subsidy, height } }])
}

function known(found: Found): Partial<Record<FutureName, Sourced>> {
  const entries = Object.entries(found).filter(([, candidate]) => candidate !== null)
  return Object.fromEntries(entries) as Partial<Record<FutureName, Sourced>>
}

function assumptionsOf(query: ProjectionQuery, sources: ProjectionSources): string[] {
  const codes = Object.values(sources).flatMap(({ source, detail }) =>
    source === 'assumption' && detail ? [detail] : []
  )
  if (query.startDate === undefined) codes.push('starts_today')
  if (query.poolScheme === undefined) codes.push('fpps')
  if (resaleOf(query) === null) codes.push('no_resale')
  if (!query.shutdownWhenNegative) codes.push('always_runs')
  return codes
}
