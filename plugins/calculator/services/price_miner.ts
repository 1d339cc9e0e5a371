import { BadInput } from '#core/errors'
import { CalculationError } from '../domain/calculation_error.js'
import { type ExplainStep, explainProfit } from '../domain/explain_profit.js'
import { profit, type ProfitInput, type ProfitResult } from '../domain/profit.js'
import { type ProfitQuery, type ResolvedInputs, resolveInputs, type Sources } from './inputs.js'

/** The answer of the calculator: the same object on the page, in the API and at the console. */
export interface ProfitAnswer extends ProfitResult {
  count: number
  model: ResolvedInputs['model']
  sources: Sources
  explain: ExplainStep[]
}

/** Profit of one day for what was asked. Throws BadInput that names the fields. */
export async function priceMiner(query: ProfitQuery, now: Date): Promise<ProfitAnswer> {
  const { input, sources, count, model } = await resolveInputs(query, now)
  const result = calculate(input)
  return { ...result, count, model, sources, explain: explainProfit(input, result) }
}

/** The pure function, with its refusals turned into faults beside fields. */
export function calculate(input: ProfitInput): ProfitResult {
  try {
    return profit(input)
  } catch (error) {
    if (!(error instanceof CalculationError)) throw error
    throw new BadInput([{ field: error.field, key: `calculator.problem.${error.code}` }])
  }
}

/** The input behind an answer, for whoever computes further with it. */
export const inputOf = ({ sources }: ProfitAnswer) =>
  Object.fromEntries(
    Object.entries(sources).map(([name, { value }]) => [name, value])
  ) as unknown as ProfitInput
