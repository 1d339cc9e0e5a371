import { type ExplainStep, explainProfit } from '../domain/explain_profit.js'
import { profit, type ProfitInput, type ProfitResult } from '../domain/profit.js'
import { type BookedDay, bookedDay } from '../domain/booked_day.js'
import type { InputContext } from './input_context.js'
import { orBadInput } from './or_bad_input.js'
import { type ProfitQuery, type ResolvedInputs, resolveInputs, type Sources } from './inputs.js'

/** The answer of the calculator: the same object on the page, in the API and at the console. */
export interface ProfitAnswer extends ProfitResult {
  count: number
  model: ResolvedInputs['model']
  sources: Sources
  explain: ExplainStep[]
  /** The same day as it would be booked: whole satoshis and cents. */
  booked: BookedDay
}

/** Profit of one day for what was asked. Throws BadInput that names the fields. */
export function priceMiner(query: ProfitQuery, context: InputContext): ProfitAnswer {
  const { input, sources, count, model } = resolveInputs(query, context)
  const result = calculate(input)
  const booked = bookedDay(result)
  return { ...result, count, model, sources, explain: explainProfit(input, result), booked }
}

/** The pure function, with its refusals turned into faults beside fields. */
export const calculate = (input: ProfitInput): ProfitResult => orBadInput(() => profit(input))

/** The input behind an answer, for whoever computes further with it. */
export const inputOf = ({ sources }: ProfitAnswer) =>
  Object.fromEntries(
    Object.entries(sources).map(([name, { value }]) => [name, value])
  ) as unknown as ProfitInput
