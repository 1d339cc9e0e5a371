import { CalculationError } from '#core/maths/calculation_error'
import { bracketNearZero, findRoot } from '#core/maths/find_root'
import { rateFromLog, refuseOneSided } from './irr.js'
import { yearsAndAmounts, type DatedFlow } from './xnpv.js'

/** ln(1 + rate) times the whole span is looked for between -LIMIT and LIMIT. */
const LIMIT = 1e6

/**
 * Yearly internal rate of return of flows on calendar days (Excel's XIRR): the rate, nearest to 0,
 * at which `xnpv` is 0. Throws CalculationError E_CALC_NO_ROOT when there is none, E_CALC_INPUT
 * for unusable dates.
 */
export function xirr(flows: readonly DatedFlow[]): number {
  const dated = yearsAndAmounts(flows)
  refuseOneSided(dated.map(([, amount]) => amount))
  const span = Math.max(...dated.map(([years]) => years))
  if (span === 0) {
    throw new CalculationError('flows', 'are all on the same day', 'E_CALC_NO_ROOT')
  }
  const value = (scaledLog: number) => {
    const log = scaledLog / span
    // Seen from the last day for rates below 0: same roots, and no power overflows.
    const origin = log < 0 ? span : 0
    return dated.reduce(
      (sum, [years, amount]) => sum + amount * Math.exp(log * (origin - years)),
      0
    )
  }
  return rateFromLog(findRoot(value, bracketNearZero(value, LIMIT, 'flows')) / span)
}
