import { CalculationError, type CalculationCode } from '#core/maths/calculation_error'
import { logIrr, rateFromLog } from './irr.js'
import { resaleValue } from './resale_value.js'
import { simulationDay, type SimulatedDay } from './simulation_day.js'
import { checkSimulationInput, type SimulationInput } from './simulation_input.js'
import { simulationSeries, type SeriesKind, type SimulationPoint } from './simulation_series.js'

const DAYS_PER_YEAR = 365

/** All figures unrounded; a `…Reason` is set exactly when its figure is null. */
export interface SimulationResult {
  totalSats: number
  cumNetUsd: number
  resaleUsd: number
  paybackDays: number | null
  paybackReason: 'E_NOT_PAID_BACK' | null
  npvUsd: number
  /** With several changes of sign (late losses) the rate nearest to 0; read it with the NPV. */
  irrAnnual: number | null
  /** E_CALC_NO_ROOT, or E_CALC_OVERFLOW for a return that is beyond a double. */
  irrReason: CalculationCode | null
  daysOff: number
  roiPct: number | null
  roiReason: 'E_NO_CAPEX' | null
  /** Empty unless `options.series` asks for it. */
  series: SimulationPoint[]
}

/**
 * Day-by-day return of an investment in miners: halvings by block height, growing difficulty and
 * price, shutdown, resale. Numerics 02, convention `simulation`.
 * Throws CalculationError: E_CALC_INPUT with the field, or E_CALC_OVERFLOW.
 */
export function simulation(
  input: SimulationInput,
  options: { series?: SeriesKind } = {}
): SimulationResult {
  checkSimulationInput(input)
  const { capexUsd, days: length } = input
  const days = Array.from({ length }, (_, day) => simulationDay(input, day))
  const resaleUsd = resaleValue(capexUsd, input.resaleHalflifeDays, length)
  const cumNetUsd = days.reduce((sum, day) => sum + day.cashUsd, 0)
  if (!Number.isFinite(cumNetUsd)) {
    throw new CalculationError('cumNetUsd', 'is beyond a double', 'E_CALC_OVERFLOW')
  }
  const paybackDays = paybackOf(days, capexUsd)
  const irr = irrOf(days, capexUsd, resaleUsd)
  return {
    totalSats: days.reduce((sum, day) => sum + day.sats, 0),
    cumNetUsd,
    resaleUsd,
    paybackDays,
    paybackReason: paybackDays === null ? 'E_NOT_PAID_BACK' : null,
    npvUsd: npvOf(days, input, resaleUsd),
    irrAnnual: typeof irr === 'number' ? irr : null,
    irrReason: typeof irr === 'number' ? null : irr,
    daysOff: days.filter((day) => day.isOff).length,
    roiPct: capexUsd > 0 ? ((cumNetUsd + resaleUsd - capexUsd) / capexUsd) * 100 : null,
    roiReason: capexUsd > 0 ? null : 'E_NO_CAPEX',
    series: simulationSeries(days, options.series ?? 'none'),
  }
}

/** First moment at which the cash without resale covers the investment, linear inside the day. */
function paybackOf(days: SimulatedDay[], capexUsd: number): number | null {
  if (capexUsd === 0) return 0
  let before = 0
  for (const { day, cashUsd } of days) {
    if (before + cashUsd >= capexUsd) return day + (capexUsd - before) / cashUsd
    before += cashUsd
  }
  return null
}

/** Cash of a day counts at its end; the resale is received at the end of the last day. */
function npvOf(days: SimulatedDay[], input: SimulationInput, resaleUsd: number): number {
  const yearly = 1 + input.discountPctPerYear / 100
  const discount = (day: number) => yearly ** -(day / DAYS_PER_YEAR)
  const cash = days.reduce((sum, { day, cashUsd }) => sum + cashUsd * discount(day + 1), 0)
  return -input.capexUsd + cash + resaleUsd * discount(input.days)
}

/** The yearly rate, or why there is none. */
function irrOf(
  days: SimulatedDay[],
  capexUsd: number,
  resaleUsd: number
): number | CalculationCode {
  const flows = [-capexUsd, ...days.map((day) => day.cashUsd)]
  flows[flows.length - 1]! += resaleUsd
  try {
    return rateFromLog(logIrr(flows) * DAYS_PER_YEAR)
  } catch (error) {
    if (error instanceof CalculationError && error.code !== 'E_CALC_INPUT') return error.code
    throw error
  }
}
