import { type BookedMonth } from '../domain/booked_month.js'
import { type BreakEvenDifficulty, breakEvenDifficulty } from '../domain/break_even.js'
import { centsFromUsd } from '#core/money'
import { type DeviationLevel, deviationLevel } from '../domain/deviation_level.js'
import { explainProjection, type ProjectionStep } from '../domain/explain_projection.js'
import type { PoolScheme } from '../domain/pool_scheme.js'
import type { PricePath } from '../domain/price_path.js'
import { profit, type ProfitResult } from '../domain/profit.js'
import { project, type ProjectedMonth, type ProjectionResult } from '../domain/projection.js'
import type { ProjectionMark } from '../domain/projection_marks.js'
import type { Returns } from '../domain/projection_returns.js'
import type { ResaleRule } from '../domain/resale_value.js'
import type { Tariff } from '../domain/tariff.js'
import type { TaxRule, TaxYear } from '../domain/tax.js'
import { type Variance, varianceBand } from '../domain/variance_band.js'
import type { InputContext } from './input_context.js'
import type { ModelCard } from './inputs.js'
import { orBadInput } from './or_bad_input.js'
import {
  type ProjectionSources,
  type ResolvedProjection,
  resolveProjection,
} from './projection_inputs.js'
import type { ProjectionQuery } from './projection_terms.js'

export type { ProjectionQuery } from './projection_terms.js'

/** A run at one uptime of the band, in brief. */
export interface UptimeRun extends Pick<
  Returns,
  'npvUsd' | 'npvReason' | 'irrAnnual' | 'irrReason' | 'paybackDays' | 'paybackReason'
> {
  uptimePct: number
  sats: bigint
  cashCents: bigint
  /** Cash of all months so far, by month: the edge of the band in a chart. */
  cumulativeCents: bigint[]
}

/** The choices that are no single figure, as they were used. */
export interface ProjectionTerms {
  poolScheme: PoolScheme
  tariff: Tariff | null
  /** How the host charges; null without a host. */
  hosting: string | null
  pricePath: PricePath
  resale: ResaleRule
  tax: TaxRule | null
  shutdownWhenNegative: boolean
}

/** The answer of the projection: the same object on the page, in the API and at the console. */
export interface ProjectionAnswer {
  /** Day 0, `YYYY-MM-DD`. */
  startDate: string
  days: number
  count: number
  model: ModelCard | null
  /** Whole satoshis and cents: sums of the months' rounded lines, with both books of hosting. */
  totals: BookedMonth
  capexCents: bigint | null
  /** What comes back for the machines at the end; not part of the totals. */
  resaleCents: bigint
  returns: Returns
  /** Of day 0. */
  breakEven: Pick<
    ProfitResult,
    | 'breakEvenUsdPerBtc'
    | 'breakEvenUsdPerBtcReason'
    | 'breakEvenUsdPerKwh'
    | 'breakEvenUsdPerKwhReason'
  > &
    Record<'breakEvenDifficulty', BreakEvenDifficulty['difficulty']> &
    Record<'breakEvenDifficultyReason', BreakEvenDifficulty['reason']>
  /** Two independent estimates of day 0 at full uptime, never mixed. */
  estimates: Pick<
    ProfitResult,
    'btcPerDay' | 'btcPerDayByNetwork' | 'deviationPct' | 'networkReason'
  > & { deviationLevel: DeviationLevel | null }
  months: ProjectedMonth[]
  taxYears: TaxYear[]
  marks: ProjectionMark[]
  /** Runs with the most and the least unplanned downtime; null when there is one uptime only. */
  uptimeBand: { low: UptimeRun; high: UptimeRun } | null
  /** Luck of a day, a month and a year under the conditions of day 0. */
  variance: Variance
  terms: ProjectionTerms
  sources: ProjectionSources
  assumptions: string[]
  explain: ProjectionStep[]
}

/** Return of an investment in miners. Throws BadInput that names the fields. */
export function projectMiner(query: ProjectionQuery, context: InputContext): ProjectionAnswer {
  return orBadInput(() => answerOf(resolveProjection(query, context)))
}

function answerOf(resolved: ResolvedProjection): ProjectionAnswer {
  const { input, count, model, sources, assumptions } = resolved
  const result = project(input)
  return {
    startDate: input.startDate!,
    days: input.days,
    count,
    model,
    totals: result.totals,
    capexCents: input.capexUsd === null ? null : centsFromUsd(input.capexUsd),
    resaleCents: centsFromUsd(result.resaleUsd),
    returns: result.returns,
    ...dayFigures(resolved),
    months: result.months,
    taxYears: result.taxYears,
    marks: result.marks,
    uptimeBand: bandOf(resolved),
    variance: varianceOf(resolved),
    terms: termsOf(resolved),
    sources,
    assumptions,
    explain: explainProjection(input, result),
  }
}

function dayFigures({ day }: ResolvedProjection) {
  const result = profit(day)
  const { difficulty, reason } = breakEvenDifficulty(day.difficulty, result)
  return {
    breakEven: {
      breakEvenUsdPerBtc: result.breakEvenUsdPerBtc,
      breakEvenUsdPerBtcReason: result.breakEvenUsdPerBtcReason,
      breakEvenUsdPerKwh: result.breakEvenUsdPerKwh,
      breakEvenUsdPerKwhReason: result.breakEvenUsdPerKwhReason,
      breakEvenDifficulty: difficulty,
      breakEvenDifficultyReason: reason,
    },
    estimates: {
      btcPerDay: result.btcPerDay,
      btcPerDayByNetwork: result.btcPerDayByNetwork,
      deviationPct: result.deviationPct,
      deviationLevel: deviationLevel(result.deviationPct),
      networkReason: result.networkReason,
    },
  }
}

function bandOf({ input, band }: ResolvedProjection) {
  if (!band) return null
  const run = (uptimePct: number) => briefly(uptimePct, project({ ...input, uptimePct }))
  return { low: run(band.low), high: run(band.high) }
}

function briefly(uptimePct: number, { totals, returns, months }: ProjectionResult): UptimeRun {
  return {
    uptimePct,
    sats: totals.sats,
    cashCents: totals.cashCents,
    npvUsd: returns.npvUsd,
    npvReason: returns.npvReason,
    irrAnnual: returns.irrAnnual,
    irrReason: returns.irrReason,
    paybackDays: returns.paybackDays,
    paybackReason: returns.paybackReason,
    cumulativeCents: months.map(({ cumulativeCents }) => cumulativeCents),
  }
}

function varianceOf({ input, day, poolSharePct }: ResolvedProjection): Variance {
  return varianceBand({
    scheme: input.poolScheme,
    hashrateThs: input.hashrateThs * (input.uptimePct / 100),
    difficulty: input.difficulty,
    subsidySats: Number(day.subsidySats),
    feesSatsPerBlock: day.feesSatsPerBlock ?? 0,
    poolFeePct: input.poolFeePct,
    poolSharePct,
  })
}

const termsOf = ({ input }: ResolvedProjection): ProjectionTerms => ({
  poolScheme: input.poolScheme,
  tariff: input.tariff,
  hosting: input.hosting?.type ?? null,
  pricePath: input.pricePath,
  resale: input.resale,
  tax: input.tax,
  shutdownWhenNegative: input.shutdownWhenNegative,
})
