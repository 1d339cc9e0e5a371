import { CalculationError } from '#core/maths/calculation_error'
import {
  checkFinite,
  checkInteger,
  checkNonNegative,
  checkPositive,
  checkWithin,
} from '#core/maths/check'
import { checkFees, type FeeRule } from './fee_rule.js'
import { type HostingModel, passesEnergyOn } from './hosting_settlement.js'
import { POOL_SCHEMES, type PoolScheme } from './pool_scheme.js'
import { checkPricePath, type PricePath } from './price_path.js'
import { checkResale, type ResaleRule } from './resale_value.js'
import { checkTariff, type Tariff } from './tariff.js'
import { checkTax, type TaxRule } from './tax.js'

const MAX_DAYS = 36_500

/**
 * An investment in miners and what is assumed about the future. Percentages are 0..100 (growth:
 * any). Figures are of the whole fleet.
 */
export interface ProjectionInput {
  hashrateThs: number
  powerW: number
  /** Machines in the fleet, for charges per miner. */
  miners: number
  /** Energy on top of the miners' own, in percent of it. */
  overheadPct: number
  /** Share of the time that the machines run. */
  uptimePct: number
  /** Loss of hashrate per full 30 days, compounding; the power stays. */
  degradationPctPerMonth: number
  startHeight: number
  difficulty: number
  /** Growth of the difficulty at every retarget (2,016 blocks). */
  epochGrowthPct: number
  fees: FeeRule
  poolScheme: PoolScheme
  poolFeePct: number
  /** Price on day 0. */
  btcUsd: number
  pricePath: PricePath
  /**
   * What the energy costs whoever buys it: the owner or, when hosted, the host. null: unknown, for a
   * client whose host does not pass the cost on; then there is no book of the host.
   */
  tariff: Tariff | null
  /** null: the owner runs the machines and buys the energy. */
  hosting: HostingModel | null
  fixedUsdPerDay: number
  /** null: unknown. Then there is no payback, NPV, IRR or ROI. */
  capexUsd: number | null
  resale: ResaleRule
  tax: TaxRule | null
  discountPctPerYear: number
  /** Off on days on which running would cost more than it earns, at the marginal energy price. */
  shutdownWhenNegative: boolean
  /** Day 0, `YYYY-MM-DD`, for flows on real dates; null: unknown. */
  startDate: string | null
  days: number
}

/** Refuses an input that no projection can answer: CalculationError naming the field. */
export function checkProjectionInput(input: ProjectionInput): void {
  checkMachine(input)
  checkNetwork(input)
  checkCosts(input)
  checkAssumptions(input)
}

function checkMachine(input: ProjectionInput): void {
  checkNonNegative(input.hashrateThs, 'hashrateThs')
  checkNonNegative(input.powerW, 'powerW')
  checkInteger(input.miners, 'miners', 1)
  checkNonNegative(input.overheadPct, 'overheadPct')
  checkWithin(input.uptimePct, 'uptimePct', [0, 100])
  checkWithin(input.degradationPctPerMonth, 'degradationPctPerMonth', [0, 100])
}

function checkNetwork(input: ProjectionInput): void {
  checkInteger(input.startHeight, 'startHeight')
  checkPositive(input.difficulty, 'difficulty')
  checkPositive(100 + input.epochGrowthPct, 'epochGrowthPct')
  checkFees(input.fees)
  if (!POOL_SCHEMES.includes(input.poolScheme)) {
    throw new CalculationError('poolScheme', 'is not a known scheme')
  }
  checkWithin(input.poolFeePct, 'poolFeePct', [0, 100])
  checkPositive(input.btcUsd, 'btcUsd')
  checkPricePath(input.pricePath)
}

function checkCosts(input: ProjectionInput): void {
  checkEnergy(input)
  checkFinite(input.fixedUsdPerDay, 'fixedUsdPerDay')
  if (input.capexUsd !== null) checkNonNegative(input.capexUsd, 'capexUsd')
  checkResale(input.resale)
  if (input.tax === null) return
  checkTax(input.tax)
  if (input.capexUsd === null) {
    throw new CalculationError('capexUsd', 'must be known to write the machines off')
  }
}

function checkEnergy({ tariff, hosting }: ProjectionInput): void {
  if (tariff) return checkTariff(tariff)
  if (hosting && !passesEnergyOn(hosting)) return
  throw new CalculationError('usdPerKwh', 'must be known to whoever pays the energy')
}

function checkAssumptions(input: ProjectionInput): void {
  checkPositive(100 + input.discountPctPerYear, 'discountPctPerYear')
  checkInteger(input.days, 'days', 1)
  checkWithin(input.days, 'days', [1, MAX_DAYS])
  if (typeof input.shutdownWhenNegative !== 'boolean') {
    throw new CalculationError('shutdownWhenNegative', 'must be true or false')
  }
}
