import type { ProfitInput } from '../domain/profit.js'
import { calculate } from './price_miner.js'

const POINTS = 41

/** Profit a day for bitcoin prices from 40 % to 200 % of the one used, for the chart. */
export function priceCurve(input: ProfitInput): [btcUsd: number, profitUsdPerDay: number][] {
  const from = input.btcUsd * 0.4
  const step = (input.btcUsd * 2 - from) / (POINTS - 1)
  return Array.from({ length: POINTS }, (_, index) => {
    const btcUsd = from + index * step
    return [Math.round(btcUsd), calculate({ ...input, btcUsd }).profitUsdPerDay]
  })
}
