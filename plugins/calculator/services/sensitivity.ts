import type { Infer } from '@vinejs/vine/types'
import { projectNpv } from '../domain/projection.js'
import { LEVERS, type Lever, shiftDay, shiftProjection } from '../domain/sensitivity.js'
import type { sensitivityQuery } from '../validators_projection.js'
import type { InputContext } from './input_context.js'
import type { ModelCard } from './inputs.js'
import { orBadInput } from './or_bad_input.js'
import { calculate } from './price_miner.js'
import { type ResolvedDay, resolveDay } from './projection_day.js'
import { type ProjectionSources, resolveProjection } from './projection_inputs.js'
import { isInvestment } from './projection_terms.js'

export type SensitivityQuery = Infer<typeof sensitivityQuery>

const USUAL_SPREAD_PCT = 10
/** Growth is often 0, of which no percentage moves anything: a point a month per ten percent. */
const GROWTH_POINTS_PER_PCT = 0.1

/** One bar of a tornado. `low` is with the lever moved down, whatever that does to the figure. */
export interface SensitivityBar {
  lever: Lever
  unit: 'percent' | 'points_per_month'
  /** Moved down and up by so much. */
  by: number
  lowUsd: number
  highUsd: number
  lowChangeUsd: number
  highChangeUsd: number
  /** Distance between the two; bars are sorted by it, widest first. */
  swingUsd: number
}

export interface SensitivityAnswer {
  /** What the bars show: the NPV, or the profit a day where no investment is known. */
  measure: 'npvUsd' | 'profitUsdPerDay'
  baseUsd: number
  spreadPct: number
  bars: SensitivityBar[]
  count: number
  model: ModelCard | null
  sources: ProjectionSources
}

/** What a change of each input alone does to the result. Throws BadInput. */
export function sensitivityOf(query: SensitivityQuery, context: InputContext): SensitivityAnswer {
  return orBadInput(() => {
    const spreadPct = query.spreadPct ?? USUAL_SPREAD_PCT
    const future = isInvestment(query) ? resolveProjection(query, context) : null
    const resolved = future ?? resolveDay(query, context)
    const measure = future ? 'npvUsd' : 'profitUsdPerDay'
    const baseUsd = future ? projectNpv(future.input)! : profitOf(resolved)
    const at = (lever: Lever, by: number): number | null =>
      future
        ? projectNpv(shiftProjection(future.input, { lever, by }))
        : shiftedProfit(resolved, lever, by)
    const bars = LEVERS.flatMap((lever) => barOf(lever, spreadPct, { baseUsd, at }) ?? [])
    const { count, model, sources } = resolved
    bars.sort((one, other) => other.swingUsd - one.swingUsd)
    return { measure, baseUsd, spreadPct, bars, count, model, sources }
  })
}

interface Measured {
  baseUsd: number
  at: (lever: Lever, by: number) => number | null
}

/** null where the lever means nothing in what is measured. */
function barOf(lever: Lever, spreadPct: number, { baseUsd, at }: Measured): SensitivityBar | null {
  const isGrowth = lever === 'difficultyGrowth'
  const by = isGrowth ? spreadPct * GROWTH_POINTS_PER_PCT : spreadPct
  const [lowUsd, highUsd] = [at(lever, -by), at(lever, by)]
  if (lowUsd === null || highUsd === null) return null
  return {
    lever,
    unit: isGrowth ? 'points_per_month' : 'percent',
    by,
    lowUsd,
    highUsd,
    lowChangeUsd: lowUsd - baseUsd,
    highChangeUsd: highUsd - baseUsd,
    swingUsd: Math.abs(highUsd - lowUsd),
  }
}

const profitOf = ({ day }: ResolvedDay) => calculate(day).profitUsdPerDay

function shiftedProfit({ day }: ResolvedDay, lever: Lever, by: number): number | null {
  const shifted = shiftDay(day, { lever, by })
  return shifted && calculate(shifted).profitUsdPerDay
}
