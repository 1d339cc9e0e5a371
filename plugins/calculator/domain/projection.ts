import { CalculationError } from '#core/maths/calculation_error'
import { centsFromUsd } from '#core/money'
import { type BookedMonth, bookedMonth, bookedTotals } from './booked_month.js'
import { type MonthBreakEven, monthBreakEven } from './break_even.js'
import { checkProjectionInput, type ProjectionInput } from './projection_input.js'
import { type ProjectionMark, projectionMarks } from './projection_marks.js'
import { type MonthSums, projectDays } from './projection_months.js'
import { npvOf, type Returns, returnsOf, sum } from './projection_returns.js'
import { resaleUsd } from './resale_value.js'
import { provideTax, type TaxYear, taxYears } from './tax.js'

/** A month for a table or a chart: conditions of its first day, booked flows of all its days. */
export interface ProjectedMonth extends BookedMonth {
  /** From 0. */
  month: number
  day: number
  days: number
  height: number
  difficulty: number
  btcUsd: number
  hashrateThs: number
  /** Share of the time that the machines ran, days off included. */
  uptimePct: number
  kwh: number
  /** Booked cash of all months so far, without investment and resale. */
  cumulativeCents: bigint
  breakEven: MonthBreakEven
}

/** Unrounded unless the name ends in Cents or the figure is booked. */
export interface ProjectionResult {
  returns: Returns
  /** Sums of the booked months. */
  totals: BookedMonth
  months: ProjectedMonth[]
  taxYears: TaxYear[]
  marks: ProjectionMark[]
  resaleUsd: number
  totalSats: number
  /** Cash after tax, without investment and resale. */
  cumNetUsd: number
  daysOff: number
}

/**
 * Day-by-day return of an investment in miners: halvings by block height, growing difficulty, price
 * path, uptime, degradation, tariff, hosting, shutdown, tax, resale. Numerics 02, convention
 * `simulation`; what that leaves open stands in docs/calculator.md.
 * Throws CalculationError: E_CALC_INPUT with the field, or E_CALC_OVERFLOW.
 */
export function project(input: ProjectionInput): ProjectionResult {
  const run = runProjection(input)
  const months = tableOf(input, run)
  const booked = bookedFlows(months, run.resaleUsd)
  return {
    returns: returnsOf({ input, cash: run.cash, resaleUsd: run.resaleUsd, booked }),
    totals: bookedTotals(months),
    months,
    taxYears: run.years,
    marks: projectionMarks(input),
    resaleUsd: run.resaleUsd,
    totalSats: run.months.reduce((total, { sats }) => total + sats, 0),
    cumNetUsd: sum(run.cash),
    daysOff: run.months.reduce((total, { daysOff }) => total + daysOff, 0),
  }
}

/** Booked cash on the day after the last of each month; the resale comes with the last. */
function bookedFlows(months: readonly ProjectedMonth[], resale: number) {
  return months.map(({ day, days, cashCents }, index) => ({
    endDay: day + days,
    cashUsd:
      Number(index === months.length - 1 ? cashCents + centsFromUsd(resale) : cashCents) / 100,
  }))
}

/** The NPV alone, for whoever needs it many times; null without an investment. */
export function projectNpv(input: ProjectionInput): number | null {
  const { cash, resaleUsd: resale } = runProjection(input)
  return input.capexUsd === null ? null : npvOf({ input, cash, resaleUsd: resale }, input.capexUsd)
}

interface Run {
  months: MonthSums[]
  /** After tax. */
  cash: Float64Array
  tax: Float64Array | null
  years: TaxYear[]
  resaleUsd: number
}

function runProjection(input: ProjectionInput): Run {
  checkProjectionInput(input)
  const { months, cash } = projectDays(input)
  const capexUsd = input.capexUsd ?? 0
  const resale = resaleUsd(input.resale, capexUsd, input.days)
  if (!Number.isFinite(sum(cash))) {
    throw new CalculationError('cumNetUsd', 'is beyond a double', 'E_CALC_OVERFLOW')
  }
  if (!input.tax) return { months, cash, tax: null, years: [], resaleUsd: resale }
  const years = taxYears({ cash, capexUsd, resaleUsd: resale, rule: input.tax })
  return { months, cash, tax: provideTax(cash, years), years, resaleUsd: resale }
}

function tableOf(input: ProjectionInput, { months, tax }: Run): ProjectedMonth[] {
  let cumulativeCents = 0n
  return months.map((month, index) => {
    const { day, days, daysOff, height, difficulty, btcUsd, hashrateThs, kwh } = month
    const taxUsd = tax ? sum(tax.subarray(day, day + days)) : 0
    const booked = bookedMonth(month, taxUsd, input)
    cumulativeCents += booked.cashCents
    return {
      month: index,
      day,
      days,
      height,
      difficulty,
      btcUsd,
      hashrateThs,
      uptimePct: (input.uptimePct * (days - daysOff)) / days,
      kwh,
      ...booked,
      cumulativeCents,
      breakEven: monthBreakEven(input, month),
    }
  })
}
