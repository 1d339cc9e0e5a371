import { CalculationError } from '#core/maths/calculation_error'
import {
  checkFinite,
  checkInteger,
  checkNonNegative,
  checkPositive,
  checkWithin,
} from '#core/maths/check'

const MAX_DAYS = 36_500

/** An investment and what is assumed about the future. Percentages are 0..100 (growth: any). */
export interface SimulationInput {
  hashrateThs: number
  powerW: number
  startHeight: number
  difficulty: number
  /** Growth of the difficulty at every retarget (2,016 blocks). */
  epochGrowthPct: number
  btcUsd: number
  priceGrowthPctPerYear: number
  feesSatsPerBlock: number
  poolFeePct: number
  uptimePct: number
  overheadPct: number
  usdPerKwh: number
  fixedUsdPerDay: number
  capexUsd: number
  days: number
  discountPctPerYear: number
  shutdownWhenNegative: boolean
  /** Null: nothing is expected back for the machines. */
  resaleHalflifeDays: number | null
}

/** Refuses an input that no simulation can answer: CalculationError naming the field. */
export function checkSimulationInput(input: SimulationInput): void {
  checkMachine(input)
  checkAssumptions(input)
}

function checkMachine(input: SimulationInput): void {
  checkNonNegative(input.hashrateThs, 'hashrateThs')
  checkNonNegative(input.powerW, 'powerW')
  checkNonNegative(input.overheadPct, 'overheadPct')
  checkWithin(input.uptimePct, 'uptimePct', [0, 100])
  checkWithin(input.poolFeePct, 'poolFeePct', [0, 100])
  checkFinite(input.usdPerKwh, 'usdPerKwh')
  checkFinite(input.fixedUsdPerDay, 'fixedUsdPerDay')
  checkNonNegative(input.capexUsd, 'capexUsd')
  if (input.resaleHalflifeDays !== null) {
    checkPositive(input.resaleHalflifeDays, 'resaleHalflifeDays')
  }
}

function checkAssumptions(input: SimulationInput): void {
  checkInteger(input.startHeight, 'startHeight')
  checkPositive(input.difficulty, 'difficulty')
  checkPositive(input.btcUsd, 'btcUsd')
  checkNonNegative(input.feesSatsPerBlock, 'feesSatsPerBlock')
  checkPositive(100 + input.epochGrowthPct, 'epochGrowthPct')
  checkPositive(100 + input.priceGrowthPctPerYear, 'priceGrowthPctPerYear')
  checkPositive(100 + input.discountPctPerYear, 'discountPctPerYear')
  checkInteger(input.days, 'days', 1)
  checkWithin(input.days, 'days', [1, MAX_DAYS])
  if (typeof input.shutdownWhenNegative !== 'boolean') {
    throw new CalculationError('shutdownWhenNegative', 'must be true or false')
  }
}
