import { CalculationError } from '#core/maths/calculation_error'
import { checkFinite, checkNonNegative, checkPositive, checkWithin } from '#core/maths/check'
import { networkHashrateHs } from '#core/chain/network_hashrate_hs'
import { satsPerDayByDifficulty, satsPerDayByNetwork } from '#core/chain/sats_per_day'

const SATS_PER_BTC = 1e8

/** One day of mining. Percentages are 0..100; everything is a double, nothing is rounded. */
export interface ProfitInput {
  hashrateThs: number
  powerW: number
  difficulty: number
  /** New coins per block at the height in question. */
  subsidySats: number | bigint
  /** Mean fees per block; 0 when left out. */
  feesSatsPerBlock?: number
  btcUsd: number
  /** May be negative, as wholesale prices sometimes are. */
  usdPerKwh: number
  poolFeePct: number
  /** A mean of several days, or null when unknown. */
  networkHashrateThs: number | null
  /** Energy on top of the miners' own (cooling, losses), in percent of it; 0 when left out. */
  overheadPct?: number
  fixedUsdPerDay?: number
}

/** A `…Reason` is set exactly when its figure is null. */
export interface ProfitResult {
  /** After the pool fee, from the difficulty. */
  satsPerDay: number
  btcPerDay: number
  grossBtcPerDay: number
  /** After the pool fee, from the share of the network: a second opinion, never mixed in. */
  btcPerDayByNetwork: number | null
  deviationPct: number | null
  networkReason: 'E_NO_NETWORK_HASHRATE' | null
  revenueUsdPerDay: number
  electricityUsdPerDay: number
  fixedUsdPerDay: number
  profitUsdPerDay: number
  kwhPerDay: number
  /** Energy price at which the profit is 0. */
  breakEvenUsdPerKwh: number | null
  breakEvenUsdPerKwhReason: 'E_NO_POWER' | null
  /** Bitcoin price at which the profit is 0. */
  breakEvenUsdPerBtc: number | null
  breakEvenUsdPerBtcReason: 'E_NO_PRODUCTION' | null
  /** What 1 PH/s earns per day, before the pool fee. */
  hashpriceUsdPerPhDay: number
  efficiencyJPerTh: number | null
  efficiencyReason: 'E_NO_HASHRATE' | null
  energyShareOfRevenue: number | null
  energyShareReason: 'E_NO_REVENUE' | null
}

/**
 * Production, cost, profit and break-even of one day: the one function behind page, API, console
 * and batch. Formulas: numerics 02, conventions `sats_per_day_difficulty` and `breakeven`.
 * Throws CalculationError: E_CALC_INPUT with the field, or E_CALC_OVERFLOW.
 */
export function profit(input: ProfitInput): ProfitResult {
  const { hashrateThs, powerW, difficulty, btcUsd, usdPerKwh } = input
  const fixedUsdPerDay = input.fixedUsdPerDay ?? 0
  const rewardSats = rewardOf(input)
  checkMoney(input, fixedUsdPerDay)

  const grossSats = satsPerDayByDifficulty(hashrateThs, difficulty, rewardSats)
  const keptShare = 1 - input.poolFeePct / 100
  const btcPerDay = (grossSats * keptShare) / SATS_PER_BTC
  const kwhPerDay = kwhPerDayOf(powerW, input.overheadPct ?? 0)
  const revenueUsdPerDay = btcPerDay * btcUsd
  const electricityUsdPerDay = kwhPerDay * usdPerKwh
  const profitUsdPerDay = revenueUsdPerDay - electricityUsdPerDay - fixedUsdPerDay
  const costUsdPerDay = electricityUsdPerDay + fixedUsdPerDay
  const network = networkOpinion(input, rewardSats * keptShare)
  const hashpriceSats = satsPerDayByDifficulty(1000, difficulty, rewardSats)

  if (!Number.isFinite(profitUsdPerDay)) throw overflow()
  return {
    satsPerDay: grossSats * keptShare,
    btcPerDay,
    grossBtcPerDay: grossSats / SATS_PER_BTC,
    btcPerDayByNetwork: network.btcPerDay,
    deviationPct: network.deviationPct,
    networkReason: network.reason,
    revenueUsdPerDay,
    electricityUsdPerDay,
    fixedUsdPerDay,
    profitUsdPerDay,
    kwhPerDay,
    breakEvenUsdPerKwh: ratio(revenueUsdPerDay - fixedUsdPerDay, kwhPerDay),
    breakEvenUsdPerKwhReason: kwhPerDay > 0 ? null : 'E_NO_POWER',
    breakEvenUsdPerBtc: ratio(costUsdPerDay, btcPerDay),
    breakEvenUsdPerBtcReason: btcPerDay > 0 ? null : 'E_NO_PRODUCTION',
    hashpriceUsdPerPhDay: (hashpriceSats / SATS_PER_BTC) * btcUsd,
    efficiencyJPerTh: ratio(powerW, hashrateThs),
    efficiencyReason: hashrateThs > 0 ? null : 'E_NO_HASHRATE',
    energyShareOfRevenue: ratio(electricityUsdPerDay, revenueUsdPerDay),
    energyShareReason: revenueUsdPerDay > 0 ? null : 'E_NO_REVENUE',
  }
}

/** Energy of a day in kWh for a steady power, with `overheadPct` on top. Throws on bad input. */
export function kwhPerDayOf(powerW: number, overheadPct: number): number {
  checkNonNegative(powerW, 'powerW')
  checkNonNegative(overheadPct, 'overheadPct')
  return (powerW / 1000) * 24 * (1 + overheadPct / 100)
}

/** Null where there is nothing to divide by; the reason stands beside the figure. */
function ratio(value: number, by: number): number | null {
  return by > 0 ? value / by : null
}

function rewardOf(input: ProfitInput): number {
  const subsidy = input.subsidySats
  const subsidySats = typeof subsidy === 'bigint' ? Number(subsidy) : subsidy
  const feesSats = input.feesSatsPerBlock ?? 0
  checkNonNegative(subsidySats, 'subsidySats')
  checkNonNegative(feesSats, 'feesSatsPerBlock')
  return subsidySats + feesSats
}

function checkMoney(input: ProfitInput, fixedUsdPerDay: number): void {
  checkPositive(input.btcUsd, 'btcUsd')
  checkFinite(input.usdPerKwh, 'usdPerKwh')
  checkFinite(fixedUsdPerDay, 'fixedUsdPerDay')
  checkWithin(input.poolFeePct, 'poolFeePct', [0, 100])
}

interface NetworkOpinion {
  btcPerDay: number | null
  deviationPct: number | null
  reason: 'E_NO_NETWORK_HASHRATE' | null
}

const NO_NETWORK: NetworkOpinion = Object.freeze({
  btcPerDay: null,
  deviationPct: null,
  reason: 'E_NO_NETWORK_HASHRATE',
})

/** The deviation needs no hashrate of one's own: it is network(D) over the measured network. */
function networkOpinion(input: ProfitInput, keptRewardSats: number): NetworkOpinion {
  const network = input.networkHashrateThs
  if (network === null) return NO_NETWORK
  const sats = satsPerDayByNetwork(input.hashrateThs, network, keptRewardSats)
  const impliedThs = networkHashrateHs(input.difficulty) / 1e12
  return {
    btcPerDay: sats / SATS_PER_BTC,
    deviationPct: (impliedThs / network - 1) * 100,
    reason: null,
  }
}

function overflow(): CalculationError {
  return new CalculationError('profitUsdPerDay', 'is beyond a double', 'E_CALC_OVERFLOW')
}
