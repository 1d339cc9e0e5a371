import type { SimulatedDay } from './simulation_day.js'

/** Days in a point of the monthly series; the last point may span fewer, see `days`. */
export const DAYS_PER_MONTH = 30

export type SeriesKind = 'none' | 'daily' | 'monthly'

/**
 * A point of a chart. Flows (sats, …Usd, daysOff) are sums over its `days`; day, height,
 * difficulty and price are those of its first day; cumulativeCashUsd is that after its last.
 */
export interface SimulationPoint {
  day: number
  days: number
  height: number
  difficulty: number
  btcUsd: number
  sats: number
  revenueUsd: number
  energyUsd: number
  cashUsd: number
  cumulativeCashUsd: number
  daysOff: number
}

/** Simulated days as points of one day, or of thirty days; empty for `none`. */
export function simulationSeries(days: SimulatedDay[], kind: SeriesKind): SimulationPoint[] {
  if (kind === 'none') return []
  const span = kind === 'daily' ? 1 : DAYS_PER_MONTH
  const points: SimulationPoint[] = []
  let cumulativeCashUsd = 0
  for (const day of days) {
    cumulativeCashUsd += day.cashUsd
    let point = points.at(-1)
    if (point === undefined || day.day % span === 0) {
      point = emptyPoint(day)
      points.push(point)
    }
    point.days += 1
    point.sats += day.sats
    point.revenueUsd += day.revenueUsd
    point.energyUsd += day.energyUsd
    point.cashUsd += day.cashUsd
    point.daysOff += day.isOff ? 1 : 0
    point.cumulativeCashUsd = cumulativeCashUsd
  }
  return points
}

function emptyPoint({ day, height, difficulty, btcUsd }: SimulatedDay): SimulationPoint {
  const sums = { days: 0, sats: 0, revenueUsd: 0, energyUsd: 0, cashUsd: 0, daysOff: 0 }
  return { day, height, difficulty, btcUsd, ...sums, cumulativeCashUsd: 0 }
}
