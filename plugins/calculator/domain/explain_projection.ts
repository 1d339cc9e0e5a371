import { monthlyGrowthPct } from './epoch_growth.js'
import type { ProjectedMonth, ProjectionResult } from './projection.js'
import type { ProjectionInput } from './projection_input.js'
import { rewardAt } from './projection_paths.js'
import { flatTariff, meanUsdPerKwh } from './tariff.js'
import { kwhPerDayOf } from './profit.js'
import { blocksPerDay } from '#core/chain/sats_per_day'

/** One line of the calculation: `code` is a key of the texts, `values` are unrounded. */
export interface ProjectionStep {
  code: `calculator_projection.explain.${string}`
  values: Record<string, number | null>
}

/**
 * How a projection comes to its figures, in the order a person would work them out. No prose and no
 * rounding. A step whose figure is null carries the reason in its code (`…npv_E_NO_CAPEX`).
 */
export function explainProjection(
  input: ProjectionInput,
  result: ProjectionResult
): ProjectionStep[] {
  return [
    ...startSteps(input),
    firstMonthStep(result.months[0]!),
    step('difficulty', {
      epochGrowthPct: input.epochGrowthPct,
      monthlyGrowthPct: monthlyGrowthPct(input.epochGrowthPct),
      difficulty: input.difficulty,
      lastDifficulty: result.months.at(-1)!.difficulty,
    }),
    step('machines', {
      degradationPctPerMonth: input.degradationPctPerMonth,
      hashrateThs: input.hashrateThs,
      lastHashrateThs: result.months.at(-1)!.hashrateThs,
      daysOff: result.daysOff,
    }),
    ...taxSteps(input, result),
    totalStep(input, result),
    ...returnSteps(input, result),
  ]
}

function startSteps(input: ProjectionInput): ProjectionStep[] {
  const rewardSats = rewardAt(input, input.startHeight)
  const { hashrateThs, difficulty, poolFeePct, uptimePct, btcUsd } = input
  const kept = (1 - poolFeePct / 100) * (uptimePct / 100)
  const satsPerDay = blocksPerDay(hashrateThs, difficulty) * rewardSats * kept
  const kwhPerDay = kwhPerDayOf(input.powerW, input.overheadPct) * (uptimePct / 100)
  const { blocks } = input.tariff ?? flatTariff(0)
  return [
    step('production', {
      hashrateThs,
      difficulty,
      rewardSats,
      poolFeePct,
      uptimePct,
      satsPerDay,
      btcUsd,
      revenueUsd: (satsPerDay / 1e8) * btcUsd,
    }),
    step(input.tariff ? 'energy' : 'energy_E_NO_ENERGY_PRICE', {
      powerW: input.powerW,
      overheadPct: input.overheadPct,
      uptimePct,
      kwhPerDay,
      meanUsdPerKwh: input.tariff && meanUsdPerKwh(blocks, kwhPerDay * 30),
      demandUsdPerKwMonth: input.tariff?.demandUsdPerKwMonth ?? null,
    }),
  ]
}

function firstMonthStep(month: ProjectedMonth): ProjectionStep {
  return step('first_month', {
    days: month.days,
    revenueUsd: usd(month.revenueCents),
    energyUsd: usd(month.energyCents),
    demandUsd: usd(month.demandCents),
    hostingUsd: usd(month.hostingCents),
    fixedUsd: usd(month.fixedCents),
    taxUsd: usd(month.taxCents),
    cashUsd: usd(month.cashCents),
  })
}

function taxSteps({ tax, capexUsd }: ProjectionInput, { taxYears }: ProjectionResult) {
  const year = taxYears[0]
  if (!tax || !year) return []
  return [
    step('tax', {
      ratePct: tax.ratePct,
      depreciationYears: tax.depreciationYears,
      capexUsd,
      cashUsd: year.cashUsd,
      depreciationUsd: year.depreciationUsd,
      taxUsd: year.taxUsd,
    }),
  ]
}

function totalStep({ days }: ProjectionInput, { totals }: ProjectionResult): ProjectionStep {
  const costCents =
    totals.energyCents + totals.demandCents + totals.hostingCents + totals.fixedCents
  return step('total', {
    days,
    revenueUsd: usd(totals.revenueCents),
    costUsd: usd(costCents),
    taxUsd: usd(totals.taxCents),
    cashUsd: usd(totals.cashCents),
  })
}

function returnSteps(input: ProjectionInput, { returns, resaleUsd }: ProjectionResult) {
  const { capexUsd, discountPctPerYear } = input
  const { npvUsd, irrAnnual, paybackDays } = returns
  const irrPct = irrAnnual === null ? null : irrAnnual * 100
  return [
    step(named('npv', returns.npvReason), { capexUsd, discountPctPerYear, resaleUsd, npvUsd }),
    step(named('irr', returns.irrReason), { irrPct }),
    step(named('payback', returns.paybackReason), { capexUsd, paybackDays }),
  ]
}

const usd = (cents: bigint) => Number(cents) / 100

const named = (name: string, reason: string | null) =>
  reason === null ? name : `${name}_${reason}`

const step = (name: string, values: ProjectionStep['values']): ProjectionStep => ({
  code: `calculator_projection.explain.${name}`,
  values,
})
