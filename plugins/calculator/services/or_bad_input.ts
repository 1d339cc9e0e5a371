import { BadInput } from '#core/errors'
import { CalculationError } from '#core/maths/calculation_error'
import { MoneyError } from '#core/money'

/** Does a calculation; its refusals become faults beside the fields that are to blame. */
export function orBadInput<T>(calculate: () => T): T {
  try {
    return calculate()
  } catch (error) {
    if (error instanceof MoneyError) {
      throw new BadInput([{ field: error.field, key: 'calculator.problem.E_CALC_INPUT' }])
    }
    if (!(error instanceof CalculationError)) throw error
    throw new BadInput([{ field: error.field, key: `calculator.problem.${error.code}` }])
  }
}
