import { CalculationError } from '#core/maths/calculation_error'
import { checkInteger, checkPositive } from '#core/maths/check'

const DAYS_PER_YEAR = 365
const DAYS_PER_MONTH = 30

export interface PricePoint {
  /** Days since the start. */
  day: number
  btcUsd: number
}

/** How the bitcoin price moves from the price of day 0. */
export type PricePath =
  | { kind: 'flat' }
  | { kind: 'yearly'; growthPct: number }
  | { kind: 'monthly'; growthPct: number }
  | { kind: 'points'; points: readonly PricePoint[] }

/** Throws CalculationError: growth above -100 %; points in ascending order of day, price above 0. */
export function checkPricePath(path: PricePath): void {
  if (path.kind === 'yearly') checkPositive(100 + path.growthPct, 'priceGrowthPctPerYear')
  if (path.kind === 'monthly') checkPositive(100 + path.growthPct, 'priceGrowthPctPerMonth')
  if (path.kind === 'points') checkPoints(path.points)
}

function checkPoints(points: readonly PricePoint[]): void {
  if (points.length === 0) throw new CalculationError('pricePoints', 'must hold a point')
  points.forEach(({ day, btcUsd }, index) => {
    checkInteger(day, 'pricePoints')
    checkPositive(btcUsd, 'pricePoints')
    const before = points[index - 1]
    if (before && before.day >= day) {
      throw new CalculationError('pricePoints', 'must be in ascending order of day')
    }
  })
}

/**
 * The price of every day from 0. Growth compounds: P0*(1+g)^(d/365) or P0*(1+g)^(d/30). Between
 * points the price is linear, from `btcUsd` on day 0 unless a point says otherwise, and after the
 * last point it stays.
 */
export function pricesOf(path: PricePath, btcUsd: number, days: number): Float64Array {
  if (path.kind === 'points') return interpolated(path.points, btcUsd, days)
  const prices = new Float64Array(days).fill(btcUsd)
  if (path.kind === 'flat') return prices
  const span = path.kind === 'yearly' ? DAYS_PER_YEAR : DAYS_PER_MONTH
  const growth = 1 + path.growthPct / 100
  for (let day = 0; day < days; day++) prices[day] = btcUsd * growth ** (day / span)
  return prices
}

function interpolated(points: readonly PricePoint[], btcUsd: number, days: number): Float64Array {
  const prices = new Float64Array(days)
  let next = 0
  let from: PricePoint = { day: 0, btcUsd }
  for (let day = 0; day < days; day++) {
    while (next < points.length && points[next]!.day <= day) from = points[next++]!
    const to = points[next]
    const share = to ? (day - from.day) / (to.day - from.day) : 0
    prices[day] = to ? from.btcUsd + (to.btcUsd - from.btcUsd) * share : from.btcUsd
  }
  return prices
}
