import { checkFinite, checkPositive } from '#core/maths/check'

/**
 * Present value of equally spaced cash flows, the first of them one period from now (the
 * convention of spreadsheets): sum of flow_i / (1 + rate)^i for i = 1, 2, …
 * What is paid today is added by the caller. Throws CalculationError for a rate of -100 % or less.
 */
export function npv(ratePerPeriod: number, flowsFromPeriod1: readonly number[]): number {
  checkPositive(1 + ratePerPeriod, 'ratePerPeriod')
  let value = 0
  let discount = 1
  for (const flow of flowsFromPeriod1) {
    checkFinite(flow, 'flowsFromPeriod1')
    discount /= 1 + ratePerPeriod
    value += flow * discount
  }
  return value
}
