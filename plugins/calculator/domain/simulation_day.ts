import { kwhPerDayOf } from './profit.js'
import { BLOCKS_PER_DAY, satsPerDayByDifficulty } from '#core/chain/sats_per_day'
import type { SimulationInput } from './simulation_input.js'
import { subsidySats } from '#core/chain/subsidy_sats'

const BLOCKS_PER_EPOCH = 2016
const DAYS_PER_YEAR = 365
const SATS_PER_BTC = 1e8

/** One simulated day, unrounded; `isOff` when the miner was shut down because it would lose. */
export interface SimulatedDay {
  day: number
  height: number
  difficulty: number
  btcUsd: number
  sats: number
  revenueUsd: number
  energyUsd: number
  cashUsd: number
  isOff: boolean
}

/**
 * Day `day` (from 0) of a simulation: height, difficulty and subsidy as at the start of the day.
 * Numerics 02, convention `simulation`. The fixed cost is due on days off too.
 */
export function simulationDay(input: SimulationInput, day: number): SimulatedDay {
  const height = input.startHeight + BLOCKS_PER_DAY * day
  const difficulty = difficultyAt(input, height)
  const btcUsd = input.btcUsd * (1 + input.priceGrowthPctPerYear / 100) ** (day / DAYS_PER_YEAR)
  const uptime = input.uptimePct / 100
  const rewardSats = Number(subsidySats(height)) + input.feesSatsPerBlock
  const grossSats = satsPerDayByDifficulty(input.hashrateThs, difficulty, rewardSats)
  const sats = grossSats * uptime * (1 - input.poolFeePct / 100)
  const revenueUsd = (sats / SATS_PER_BTC) * btcUsd
  const kwh = kwhPerDayOf(input.powerW, input.overheadPct) * uptime
  const energyUsd = kwh * input.usdPerKwh
  const place = { day, height, difficulty, btcUsd }
  if (input.shutdownWhenNegative && revenueUsd < energyUsd) {
    const cashUsd = -input.fixedUsdPerDay
    return { ...place, sats: 0, revenueUsd: 0, energyUsd: 0, cashUsd, isOff: true }
  }
  const cashUsd = revenueUsd - energyUsd - input.fixedUsdPerDay
  return { ...place, sats, revenueUsd, energyUsd, cashUsd, isOff: false }
}

/** The difficulty grows at every retarget height that has been passed since the start. */
function difficultyAt(input: SimulationInput, height: number): number {
  const epochs =
    Math.floor(height / BLOCKS_PER_EPOCH) - Math.floor(input.startHeight / BLOCKS_PER_EPOCH)
  return input.difficulty * (1 + input.epochGrowthPct / 100) ** epochs
}
