import { subsidySats } from '#core/chain/subsidy_sats'
import { usdFromCents } from '#core/money'
import { feesOf as feesAt } from '../domain/fee_rule.js'
import {
  type HostingModel,
  hostingSettlement,
  passesEnergyOn,
} from '../domain/hosting_settlement.js'
import { paidFeesSats } from '../domain/pool_scheme.js'
import { kwhPerDayOf, type ProfitInput } from '../domain/profit.js'
import { energyUsd, NO_TARIFF, type Tariff } from '../domain/tariff.js'
import type { InputContext } from './input_context.js'
import { named, type ResolvedInputs, resolveInputs, type Sources, typed } from './inputs.js'
import {
  feesOf,
  hostingOf,
  type ProjectionQuery,
  refuseContradictions,
  tariffOf,
} from './projection_terms.js'

const DAYS_PER_MONTH = 30

/** Day 0 of a question about the future, as the calculator of a day takes it. */
export interface ResolvedDay extends Omit<ResolvedInputs, 'input'> {
  day: ProfitInput
  tariff: Tariff | null
  hosting: HostingModel | null
}

/**
 * The daily question inside a question about the future. Its electricity price is the typed one; or
 * the mean of a month of 30 days, always on, under the tariff blocks and the demand charge; or what
 * such a month costs per kWh with the host. Its fees are what the pool's scheme pays.
 */
export function resolveDay(query: ProjectionQuery, context: InputContext): ResolvedDay {
  refuseContradictions(query)
  const hosting = hostingOf(query)
  const needsPrice = query.tariffBlocks === undefined && !isIndifferent(hosting, query, context)
  const daily = needsPrice ? query : { ...query, usdPerKwh: 0 }
  const { input, sources, ...who } = resolveInputs(daily, context)
  const { count } = who
  const tariff = tariffOf(query, needsPrice ? input.usdPerKwh : null)
  const day = { ...input, ...rewardOf(query, input) }
  const from: Sources = { ...sources, ...rewardSources(query, day) }
  const allIn = allInUsdPerKwh(query, { day, tariff, hosting, count })
  if (allIn !== null) {
    day.usdPerKwh = allIn
    from.usdPerKwh = named('typed', allIn, hosting ? 'hosting_all_in' : 'month_mean')!
  }
  day.feesSatsPerBlock = paidFeesSats(query.poolScheme ?? 'fpps', day.feesSatsPerBlock ?? 0)
  return { day, tariff, hosting, sources: from, ...who }
}

/** Subsidy of the typed height, and fees as a share of the subsidy, where that is what was said. */
function rewardOf(query: ProjectionQuery, input: ProfitInput) {
  const { startHeight, subsidySats: said, feesPctOfSubsidy } = query
  const isByHeight = startHeight !== undefined && said === undefined
  const subsidy = isByHeight ? Number(subsidySats(startHeight)) : Number(input.subsidySats)
  const isShare = feesPctOfSubsidy !== undefined
  const fees = isShare ? feesAt(feesOf(query, 0), subsidy) : input.feesSatsPerBlock
  return { subsidySats: subsidy, feesSatsPerBlock: fees }
}

function rewardSources(query: ProjectionQuery, day: ReturnType<typeof rewardOf>): Partial<Sources> {
  const { startHeight, subsidySats: said, feesPctOfSubsidy } = query
  const isByHeight = startHeight !== undefined && said === undefined
  return {
    ...(isByHeight && {
      subsidySats: named('consensus', day.subsidySats, `height ${startHeight}`)!,
    }),
    ...(feesPctOfSubsidy !== undefined && { feesSatsPerBlock: typed(day.feesSatsPerBlock)! }),
  }
}

/** A client whose host charges a price of its own need not know what the energy costs the host. */
function isIndifferent(
  hosting: HostingModel | null,
  query: ProjectionQuery,
  { settings }: InputContext
): boolean {
  const isKnown = query.usdPerKwh !== undefined || settings.usdPerKwh !== undefined
  return hosting !== null && !passesEnergyOn(hosting) && !isKnown
}

type Costs = Pick<ResolvedDay, 'day' | 'tariff' | 'hosting' | 'count'>

/** null where the price per kWh is simply the resolved one, or no energy is used. */
function allInUsdPerKwh(query: ProjectionQuery, { day, tariff, hosting, count }: Costs) {
  const isPlain = !hosting && !query.tariffBlocks && !query.demandUsdPerKwMonth
  const kwhPerDay = kwhPerDayOf(day.powerW, day.overheadPct ?? 0)
  if (isPlain || kwhPerDay === 0) return null
  const kwh = kwhPerDay * DAYS_PER_MONTH
  const kw = kwhPerDay / 24
  const { blocks, demandUsdPerKwMonth } = tariff ?? NO_TARIFF
  const usd = energyUsd(blocks, 0, kwh) + kw * demandUsdPerKwMonth
  if (!hosting) return usd / kwh
  const { hostInvoiceCents } = hostingSettlement({
    kwh,
    kw,
    miners: count,
    energyUsd: usd,
    clientGrossRevenueCents: 0n,
    model: hosting,
  })
  return usdFromCents(hostInvoiceCents).toNumber() / kwh
}
