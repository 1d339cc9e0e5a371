import { checkFinite, checkPositive } from '#core/maths/check'

const DAYS_PER_MONTH = 30
/** 2,016 blocks at 144 a day. */
const DAYS_PER_EPOCH = 14

/**
 * Growth per retarget that compounds to `pctPerMonth` in 30 days: (1+m)^(14/30) - 1, in percent.
 * Throws CalculationError.
 */
export function epochGrowthPct(pctPerMonth: number): number {
  checkPositive(100 + pctPerMonth, 'difficultyGrowthPctPerMonth')
  return ((1 + pctPerMonth / 100) ** (DAYS_PER_EPOCH / DAYS_PER_MONTH) - 1) * 100
}

/** The other way round: what a growth per retarget compounds to in 30 days, in percent. */
export function monthlyGrowthPct(pctPerEpoch: number): number {
  checkFinite(pctPerEpoch, 'difficultyGrowthPctPerEpoch')
  return ((1 + pctPerEpoch / 100) ** (DAYS_PER_MONTH / DAYS_PER_EPOCH) - 1) * 100
}
