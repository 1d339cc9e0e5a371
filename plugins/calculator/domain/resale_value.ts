import { checkNonNegative, checkPositive, checkWithin } from '#core/maths/check'

/** What is expected back for the machines at the end; null is nothing. */
export type ResaleRule =
  { kind: 'half_life'; days: number } | { kind: 'fixed'; pctOfCapex: number } | null

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

/** What comes back after `days` under a rule, in US dollars. Throws CalculationError. */
export function resaleUsd(rule: ResaleRule, priceUsd: number, days: number): number {
  if (rule?.kind === 'fixed') return priceUsd * (rule.pctOfCapex / 100)
  return resaleValue(priceUsd, rule?.days ?? null, days)
}

/** Throws CalculationError naming the field of the question. */
export function checkResale(rule: ResaleRule): void {
  if (rule?.kind === 'half_life') checkPositive(rule.days, 'resaleHalfLifeDays')
  if (rule?.kind === 'fixed') checkWithin(rule.pctOfCapex, 'resalePct', [0, 100])
}
