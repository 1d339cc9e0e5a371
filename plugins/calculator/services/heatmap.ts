import type { Infer } from '@vinejs/vine/types'
import { energyAxis, priceAxis } from '../domain/heatmap_axis.js'
import type { ProfitInput } from '../domain/profit.js'
import { projectNpv } from '../domain/projection.js'
import type { ProjectionInput } from '../domain/projection_input.js'
import { flatTariff } from '../domain/tariff.js'
import type { heatmapQuery } from '../validators_projection.js'
import type { InputContext } from './input_context.js'
import type { ModelCard } from './inputs.js'
import { orBadInput } from './or_bad_input.js'
import { calculate } from './price_miner.js'
import { resolveDay } from './projection_day.js'
import { type ProjectionSources, resolveProjection } from './projection_inputs.js'
import { isInvestment } from './projection_terms.js'

export type HeatmapQuery = Infer<typeof heatmapQuery>

/** Bitcoin price × electricity price. Grids are rows of electricity prices, columns of bitcoin prices. */
export interface HeatmapAnswer {
  /** Ascending as given; the default has the used value in the middle. */
  btcUsdAxis: number[]
  usdPerKwhAxis: number[]
  /** The values in use. The electricity price is the one per kWh with everything in it. */
  used: { btcUsd: number; usdPerKwh: number; profitUsdPerDay: number; npvUsd: number | null }
  /** The same figures as the calculator of a day gives for these prices. */
  profitUsdPerDay: number[][]
  /** By column: the electricity price at which the profit is 0; null where no energy is used. */
  breakEvenUsdPerKwh: (number | null)[]
  /** With one flat electricity price in place of tariff, demand charge and hosting. */
  npvUsd: number[][] | null
  npvReason: 'E_NO_CAPEX' | null
  count: number
  model: ModelCard | null
  sources: ProjectionSources
}

/** Profit a day, and NPV where the investment is known, over a grid. Throws BadInput. */
export function heatmapOf(query: HeatmapQuery, context: InputContext): HeatmapAnswer {
  return orBadInput(() => {
    const future = isInvestment(query) ? resolveProjection(query, context) : null
    const resolved = future ?? resolveDay(query, context)
    const { day, count, model, sources } = resolved
    const btcUsdAxis = query.btcUsdAxis ?? priceAxis(day.btcUsd)
    const usdPerKwhAxis = query.usdPerKwhAxis ?? energyAxis(day.usdPerKwh)
    const grid = (cell: (usdPerKwh: number, btcUsd: number) => number) =>
      usdPerKwhAxis.map((usdPerKwh) => btcUsdAxis.map((btcUsd) => cell(usdPerKwh, btcUsd)))
    return {
      btcUsdAxis,
      usdPerKwhAxis,
      used: usedFigures(day, future?.input ?? null),
      profitUsdPerDay: grid((usdPerKwh, btcUsd) => profitAt(day, usdPerKwh, btcUsd)),
      breakEvenUsdPerKwh: btcUsdAxis.map(
        (btcUsd) => calculate({ ...day, btcUsd }).breakEvenUsdPerKwh
      ),
      npvUsd: future && grid((usdPerKwh, btcUsd) => npvAt(future.input, usdPerKwh, btcUsd)),
      npvReason: future ? null : 'E_NO_CAPEX',
      count,
      model,
      sources,
    }
  })
}

function usedFigures(day: ProfitInput, input: ProjectionInput | null): HeatmapAnswer['used'] {
  const { btcUsd, usdPerKwh } = day
  return {
    btcUsd,
    usdPerKwh,
    profitUsdPerDay: calculate(day).profitUsdPerDay,
    npvUsd: input && projectNpv(input),
  }
}

const profitAt = (day: ProfitInput, usdPerKwh: number, btcUsd: number) =>
  calculate({ ...day, usdPerKwh, btcUsd }).profitUsdPerDay

/** The whole path of the price moves with the price of day 0, typed points too. */
function npvAt(input: ProjectionInput, usdPerKwh: number, btcUsd: number): number {
  const { pricePath: path } = input
  const factor = btcUsd / input.btcUsd
  const pricePath =
    path.kind === 'points'
      ? { ...path, points: path.points.map((one) => ({ ...one, btcUsd: one.btcUsd * factor })) }
      : path
  return projectNpv({ ...input, btcUsd, pricePath, tariff: flatTariff(usdPerKwh), hosting: null })!
}
