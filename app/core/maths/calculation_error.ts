/**
 * Why a calculation refuses.
 * E_CALC_INPUT: the value of `field` is not usable. E_CALC_NO_ROOT: no rate satisfies the cash
 * flows. E_CALC_OVERFLOW: the inputs are valid one by one, their result is beyond a double.
 */
export type CalculationCode = 'E_CALC_INPUT' | 'E_CALC_NO_ROOT' | 'E_CALC_OVERFLOW'

/** Thrown instead of returning a made-up number; `field` names the input that is to blame. */
export class CalculationError extends RangeError {
  constructor(
    readonly field: string,
    reason: string,
    readonly code: CalculationCode = 'E_CALC_INPUT'
  ) {
    super(`${field} ${reason}`)
    this.name = 'CalculationError'
  }
}
