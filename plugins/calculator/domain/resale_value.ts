import { checkNonNegative, checkPositive } from '#core/maths/check'

/**
 * Value of a machine in US dollars after `days`, halving every `halflifeDays`; null means no
 * half-life is known and nothing is expected back: 0. Throws CalculationError.
 */
export function resaleValue(priceUsd: number, halflifeDays: number | null, days: number): number {
  checkNonNegative(priceUsd, 'priceUsd')
  checkNonNegative(days, 'days')
  if (halflifeDays === null) return 0
  checkPositive(halflifeDays, 'halflifeDays')
  return priceUsd * 0.5 ** (days / halflifeDays)
}
