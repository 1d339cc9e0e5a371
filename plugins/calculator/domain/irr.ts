import { CalculationError } from '#core/maths/calculation_error'
import { checkFinite } from '#core/maths/check'
import { bracketNearZero, findRoot } from '#core/maths/find_root'

/** ln(1 + rate) times the whole span is looked for between -LIMIT and LIMIT. */
const LIMIT = 1e6

/**
 * Internal rate of return per period of equally spaced cash flows, the first of them today.
 * With several changes of sign there can be several rates: the one nearest to 0 is taken.
 * Throws CalculationError E_CALC_NO_ROOT when no rate makes the present value 0.
 */
export function irr(flows: readonly number[]): number {
  return rateFromLog(logIrr(flows))
}

/** The rate behind ln(1 + rate). Throws CalculationError E_CALC_OVERFLOW beyond a double. */
export function rateFromLog(log: number): number {
  const rate = Math.expm1(log)
  if (Number.isFinite(rate)) return rate
  throw new CalculationError('flows', 'have a rate beyond a double', 'E_CALC_OVERFLOW')
}

/**
 * ln(1 + rate) per period: keeps its digits when a tiny daily rate is turned into a yearly one.
 * Errors as `irr`.
 */
export function logIrr(flows: readonly number[]): number {
  for (const flow of flows) checkFinite(flow, 'flows')
  const paid = withoutZeroEnds(flows)
  refuseOneSided(paid)
  const periods = paid.length - 1
  const value = (scaledLog: number) => scaledValue(paid, scaledLog / periods)
  return findRoot(value, bracketNearZero(value, LIMIT, 'flows')) / periods
}

/** Cash flows that are all received, or all paid, have no rate of return. */
export function refuseOneSided(flows: readonly number[]): void {
  if (flows.some((flow) => flow > 0) && flows.some((flow) => flow < 0)) return
  throw new CalculationError('flows', 'need both a payment and a receipt', 'E_CALC_NO_ROOT')
}

/** Present value (rate >= 0) or final value (rate < 0): same roots, and no power overflows. */
function scaledValue(flows: readonly number[], log: number): number {
  const factor = Math.exp(-Math.abs(log))
  let value = 0
  if (log < 0) {
    for (const flow of flows) value = value * factor + flow
    return value
  }
  for (let i = flows.length - 1; i >= 0; i--) value = value * factor + flows[i]!
  return value
}

function withoutZeroEnds(flows: readonly number[]): readonly number[] {
  const isPaid = (flow: number) => flow !== 0
  return flows.slice(Math.max(flows.findIndex(isPaid), 0), flows.findLastIndex(isPaid) + 1)
}
