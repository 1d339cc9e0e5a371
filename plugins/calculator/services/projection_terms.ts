import type { Infer } from '@vinejs/vine/types'
import { BadInput, type InputFault } from '#core/errors'
import type { FeeRule } from '../domain/fee_rule.js'
import type { HostingModel } from '../domain/hosting_settlement.js'
import type { PricePath } from '../domain/price_path.js'
import type { ResaleRule } from '../domain/resale_value.js'
import type { Tariff } from '../domain/tariff.js'
import type { TaxRule } from '../domain/tax.js'
import type { Downtime } from '../domain/uptime_band.js'
import type { projectionQuery } from '../validators_projection.js'

export type ProjectionQuery = Infer<typeof projectionQuery>
type Field = keyof ProjectionQuery

/** Of each group only one may be said: they answer the same question. */
const EITHER: readonly (readonly Field[])[] = [
  ['capexUsd', 'capexUsdPerMiner'],
  ['difficultyGrowthPctPerMonth', 'difficultyGrowthPctPerEpoch'],
  ['pricePoints', 'priceGrowthPctPerMonth', 'priceGrowthPctPerYear'],
  ['feesSatsPerBlock', 'feesPctOfSubsidy'],
  ['usdPerKwh', 'tariffBlocks'],
  ['uptimePct', 'plannedDowntimePct'],
  ['uptimePct', 'unplannedDowntimeMidPct'],
  ['resaleHalfLifeDays', 'resalePct'],
]

/** Refuses a question that says the same thing twice, or a tariff whose steps do not ascend. */
export function refuseContradictions(query: ProjectionQuery): void {
  const faults: InputFault[] = EITHER.map((group) =>
    group.filter((field) => query[field] !== undefined)
  )
    .filter((said) => said.length > 1)
    .map(([other, field]) => ({
      field: field!,
      key: 'calculator_projection.problem.either',
      args: { other: other! },
    }))
  faults.push(...blockFaults(query), ...pointFaults(query), ...dateFaults(query))
  if (faults.length > 0) throw new BadInput(faults)
}

function blockFaults({ tariffBlocks = [] }: ProjectionQuery): InputFault[] {
  const faults = tariffBlocks.flatMap(({ upToKwh }, index) => {
    const fault = (key: string) => [
      { field: 'tariffBlocks', key, args: { entry: index + 1, limit: upToKwh ?? 0 } },
    ]
    const isLast = index === tariffBlocks.length - 1
    if (isLast !== (upToKwh === null)) return fault('calculator_projection.problem.open_block')
    const before = tariffBlocks[index - 1]?.upToKwh ?? 0
    const ascends = upToKwh === null || upToKwh > before
    return ascends ? [] : fault('calculator_projection.problem.block_order')
  })
  return faults.slice(0, 1)
}

function pointFaults({ pricePoints = [] }: ProjectionQuery): InputFault[] {
  const index = pricePoints.findIndex(({ day }, at) => at > 0 && day <= pricePoints[at - 1]!.day)
  if (index < 0) return []
  const args = { entry: index + 1, day: pricePoints[index]!.day }
  return [{ field: 'pricePoints', key: 'calculator_projection.problem.point_order', args }]
}

function dateFaults({ startDate }: ProjectionQuery): InputFault[] {
  if (startDate === undefined) return []
  const moment = new Date(`${startDate}T00:00:00Z`)
  const isDay = !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) === startDate
  return isDay ? [] : [{ field: 'startDate', key: 'calculator_projection.problem.no_date' }]
}

/** What a host charges, with the rates that this way of charging needs. */
export function hostingOf(query: ProjectionQuery): HostingModel | null {
  const need = (field: Field): number => {
    const value = query[field]
    if (typeof value === 'number') return value
    throw new BadInput([{ field, key: 'calculator_projection.problem.hosting_rate' }])
  }
  switch (query.hosting ?? 'none') {
    case 'flat':
      return { type: 'flat', usdPerKwh: need('hostingUsdPerKwh') }
    case 'passthrough_plus':
      return { type: 'passthrough_plus', serviceUsdPerKwh: need('hostingServiceUsdPerKwh') }
    case 'capacity':
      return { type: 'capacity', usdPerKwMonth: need('hostingUsdPerKwMonth') }
    case 'per_miner':
      return { type: 'per_miner', usdPerMinerMonth: need('hostingUsdPerMinerMonth') }
    case 'profit_share':
      return { type: 'profit_share', hostShare: need('hostingSharePct') / 100 }
    case 'mark_up':
      return { type: 'mark_up', markUpPct: need('hostingMarkUpPct') }
    case 'min_commit': {
      const usdPerKwh = need('hostingUsdPerKwh')
      return { type: 'min_commit', usdPerKwh, minKwh: need('hostingMinKwh') }
    }
    default:
      return null
  }
}

/** The price path; flat where nothing is said. */
export function pricePathOf(query: ProjectionQuery): PricePath {
  const { pricePoints: points, priceGrowthPctPerMonth, priceGrowthPctPerYear } = query
  if (points) return { kind: 'points', points }
  if (priceGrowthPctPerMonth !== undefined) {
    return { kind: 'monthly', growthPct: priceGrowthPctPerMonth }
  }
  return priceGrowthPctPerYear === undefined
    ? { kind: 'flat' }
    : { kind: 'yearly', growthPct: priceGrowthPctPerYear }
}

/** Blocks as typed, or one open block of the resolved price; null where no price is known. */
export function tariffOf(query: ProjectionQuery, usdPerKwh: number | null): Tariff | null {
  const open = usdPerKwh === null ? null : [{ upToKwh: null, usdPerKwh }]
  const blocks = query.tariffBlocks ?? open
  return blocks && { blocks, demandUsdPerKwMonth: query.demandUsdPerKwMonth ?? 0 }
}

export function resaleOf({ resaleHalfLifeDays, resalePct }: ProjectionQuery): ResaleRule {
  if (resaleHalfLifeDays !== undefined) return { kind: 'half_life', days: resaleHalfLifeDays }
  return resalePct === undefined ? null : { kind: 'fixed', pctOfCapex: resalePct }
}

/** A rate without the years of depreciation says nothing; tax without the price of the machines too. */
export function taxOf(query: ProjectionQuery, capexUsd: number | null): TaxRule | null {
  const { taxRatePct: ratePct, depreciationYears } = query
  if (ratePct === undefined || ratePct === 0) return null
  const faults: InputFault[] = []
  if (depreciationYears === undefined) {
    faults.push({ field: 'depreciationYears', key: 'calculator_projection.problem.tax_years' })
  }
  if (capexUsd === null) {
    faults.push({ field: 'capexUsd', key: 'calculator_projection.problem.tax_capex' })
  }
  if (faults.length > 0) throw new BadInput(faults)
  return { ratePct, depreciationYears: depreciationYears! }
}

/** Planned and unplanned time off, or null where the uptime was said as one figure. */
export function downtimeOf(query: ProjectionQuery): Downtime | null {
  const { plannedDowntimePct: planned, unplannedDowntimeMidPct: mid = 0 } = query
  const { unplannedDowntimeLowPct: low = mid, unplannedDowntimeHighPct: high = mid } = query
  const said = [planned, ...[low, mid, high].filter((pct) => pct > 0)]
  if (said.every((pct) => pct === undefined)) return null
  return { plannedPct: planned ?? 0, unplannedPct: { low, mid, high } }
}

/** Fees of a block: a share of the subsidy when that is what was said. */
export const feesOf = (query: ProjectionQuery, satsPerBlock: number): FeeRule =>
  query.feesPctOfSubsidy === undefined
    ? { kind: 'constant', satsPerBlock }
    : { kind: 'share', pctOfSubsidy: query.feesPctOfSubsidy }

/** Whether the price of the machines is said, so that there is an investment to speak of. */
export const isInvestment = ({ capexUsd, capexUsdPerMiner }: ProjectionQuery): boolean =>
  capexUsd !== undefined || capexUsdPerMiner !== undefined
