import { CalculationError, type CalculationCode } from '#core/maths/calculation_error'
import { logIrr, rateFromLog } from './irr.js'
import type { ProjectionInput } from './projection_input.js'
import { xirr } from './xirr.js'
import type { DatedFlow } from './xnpv.js'

const DAYS_PER_YEAR = 365

type NoCapex = 'E_NO_CAPEX'

/** Figures of an investment, unrounded; a `…Reason` is set exactly when its figure is null. */
export interface Returns {
  /** Present value at the yearly discount rate, cash counting at the end of its day. */
  npvUsd: number | null
  npvReason: NoCapex | null
  /** Yearly, from daily cash. With several changes of sign the rate nearest to 0. */
  irrAnnual: number | null
  /** E_CALC_NO_ROOT, or E_CALC_OVERFLOW for a return that is beyond a double. */
  irrReason: NoCapex | CalculationCode | null
  /** Yearly, from the booked months on the dates of their last days, as Excel's XIRR has it. */
  xirrAnnual: number | null
  xirrReason: NoCapex | 'E_NO_START_DATE' | CalculationCode | null
  roiPct: number | null
  roiReason: NoCapex | null
  /** First moment at which the cash without resale covers the investment. */
  paybackDays: number | null
  paybackReason: NoCapex | 'E_NOT_PAID_BACK' | null
  /** The same with discounted cash. */
  discountedPaybackDays: number | null
  discountedPaybackReason: NoCapex | 'E_NOT_PAID_BACK' | null
}

export interface ReturnQuestion {
  input: Pick<ProjectionInput, 'capexUsd' | 'discountPctPerYear' | 'startDate'>
  /** Cash of every day, after tax. */
  cash: Float64Array
  resaleUsd: number
  /** Booked cash of the months, resale included, and the day after the last of each. */
  booked: readonly { endDay: number; cashUsd: number }[]
}

const UNKNOWN: Returns = Object.freeze({
  npvUsd: null,
  npvReason: 'E_NO_CAPEX',
  irrAnnual: null,
  irrReason: 'E_NO_CAPEX',
  xirrAnnual: null,
  xirrReason: 'E_NO_CAPEX',
  roiPct: null,
  roiReason: 'E_NO_CAPEX',
  paybackDays: null,
  paybackReason: 'E_NO_CAPEX',
  discountedPaybackDays: null,
  discountedPaybackReason: 'E_NO_CAPEX',
})

/** All figures of an investment; without its amount each is null and says so. */
export function returnsOf(question: ReturnQuestion): Returns {
  const { cash, resaleUsd, input } = question
  const { capexUsd, discountPctPerYear } = input
  if (capexUsd === null) return UNKNOWN
  const payback = paybackOf(cash, capexUsd, 0)
  const discounted = paybackOf(cash, capexUsd, discountPctPerYear)
  const gainUsd = sum(cash) + resaleUsd - capexUsd
  const irr = rateOf(() => irrOf(cash, capexUsd, resaleUsd))
  const dated = xirrOf(question, capexUsd)
  return {
    npvUsd: npvOf(question, capexUsd),
    npvReason: null,
    irrAnnual: irr.rate,
    irrReason: irr.reason,
    xirrAnnual: dated.rate,
    xirrReason: dated.reason,
    roiPct: capexUsd > 0 ? (gainUsd / capexUsd) * 100 : null,
    roiReason: capexUsd > 0 ? null : 'E_NO_CAPEX',
    paybackDays: payback,
    paybackReason: payback === null ? 'E_NOT_PAID_BACK' : null,
    discountedPaybackDays: discounted,
    discountedPaybackReason: discounted === null ? 'E_NOT_PAID_BACK' : null,
  }
}

/** Sum of days, in their order. */
export const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)

const discountBy = (pctPerYear: number) => {
  const yearly = 1 + pctPerYear / 100
  return yearly === 1 ? () => 1 : (day: number) => yearly ** -(day / DAYS_PER_YEAR)
}

/** Cash of a day counts at its end; the resale is received at the end of the last day. */
export function npvOf(
  { cash, resaleUsd, input }: Pick<ReturnQuestion, 'cash' | 'resaleUsd' | 'input'>,
  capexUsd: number
): number {
  const discount = discountBy(input.discountPctPerYear)
  let value = 0
  for (const [day, usd] of cash.entries()) value += usd * discount(day + 1)
  return -capexUsd + value + resaleUsd * discount(cash.length)
}

/** First moment at which the (discounted) cash covers the investment, linear inside the day. */
function paybackOf(cash: Float64Array, capexUsd: number, discountPct: number): number | null {
  if (capexUsd === 0) return 0
  const discount = discountBy(discountPct)
  let before = 0
  for (const [day, nominalUsd] of cash.entries()) {
    const usd = nominalUsd * discount(day + 1)
    if (before + usd >= capexUsd) return day + (capexUsd - before) / usd
    before += usd
  }
  return null
}

function irrOf(cash: Float64Array, capexUsd: number, resaleUsd: number): number {
  const flows = [-capexUsd, ...cash]
  flows[flows.length - 1]! += resaleUsd
  return rateFromLog(logIrr(flows) * DAYS_PER_YEAR)
}

function datedFlows({ booked }: ReturnQuestion, capexUsd: number, startDate: string): DatedFlow[] {
  const flows = booked.map(({ endDay, cashUsd }) => ({
    date: dateAfter(startDate, endDay),
    amount: cashUsd,
  }))
  return [{ date: startDate, amount: -capexUsd }, ...flows]
}

/** The calendar day that is `days` after another, both `YYYY-MM-DD`. */
export function dateAfter(date: string, days: number): string {
  const moment = new Date(`${date}T00:00:00Z`)
  moment.setUTCDate(moment.getUTCDate() + days)
  return moment.toISOString().slice(0, 10)
}

function xirrOf(question: ReturnQuestion, capexUsd: number) {
  const { startDate } = question.input
  if (startDate === null) return { rate: null, reason: 'E_NO_START_DATE' as const }
  return rateOf(() => xirr(datedFlows(question, capexUsd, startDate)))
}

/** The yearly rate, or why there is none. */
function rateOf(rate: () => number): { rate: number | null; reason: CalculationCode | null } {
  try {
    return { rate: rate(), reason: null }
  } catch (error) {
    if (error instanceof CalculationError && error.code !== 'E_CALC_INPUT') {
      return { rate: null, reason: error.code }
    }
    throw error
  }
}
