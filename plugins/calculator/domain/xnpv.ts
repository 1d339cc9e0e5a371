import { CalculationError } from '#core/maths/calculation_error'
import { checkFinite, checkPositive } from '#core/maths/check'

const MS_PER_DAY = 86_400_000
const DAYS_PER_YEAR = 365

/** Money received (positive) or paid (negative) on a calendar day, `YYYY-MM-DD`. */
export interface DatedFlow {
  date: string
  amount: number
}

/**
 * Present value, on the day of the first flow, of flows on calendar days at a yearly rate:
 * sum of amount / (1 + rate)^(days / 365), Excel's XNPV. Throws CalculationError for a rate of
 * -100 % or less, a day that does not exist, or a flow before the first one.
 */
export function xnpv(ratePerYear: number, flows: readonly DatedFlow[]): number {
  checkPositive(1 + ratePerYear, 'ratePerYear')
  const log = Math.log1p(ratePerYear)
  return yearsAndAmounts(flows).reduce((sum, [t, amount]) => sum + amount * Math.exp(-log * t), 0)
}

/** Years of 365 days since the first flow, with the amount. Errors as `xnpv`. */
export function yearsAndAmounts(flows: readonly DatedFlow[]): [years: number, amount: number][] {
  const first = flows[0]
  if (first === undefined) throw new CalculationError('flows', 'must hold at least one flow')
  const firstDay = dayNumber(first.date)
  return flows.map(({ date, amount }) => {
    checkFinite(amount, 'amount')
    const days = dayNumber(date) - firstDay
    if (days < 0) throw new CalculationError('date', 'must not be before the first flow')
    return [days / DAYS_PER_YEAR, amount]
  })
}

function dayNumber(date: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  // A day such as 2025-02-30 is either NaN or another day when written back.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) {
    throw new CalculationError('date', 'must be a day of the calendar, YYYY-MM-DD')
  }
  return ms / MS_PER_DAY
}
