import { type ExplainStep, explainProfit } from '../domain/explain_profit.js'
import { profit, type ProfitInput, type ProfitResult } from '../domain/profit.js'
import { type BookedDay, bookedDay } from '../domain/booked_day.js'
import type { InputContext } from './input_context.js'
import { orBadInput } from './or_bad_input.js'
import { type ProfitQuery, type ResolvedInputs, resolveInputs, type Sources } from './inputs.js'

/** The answer of the calculator: the same object on the page, in the API and at the console. */
export interface ProfitAnswer extends ProfitResult {
  count: number
  fleet: ResolvedInputs['fleet']
  model: ResolvedInputs['model']
  sources: Sources
  explain: ExplainStep[]
  /** The same day as it would be booked: whole satoshis and cents. */
  booked: BookedDay
}

/** Profit of one day for what was asked. Throws BadInput that names the fields. */
export const priceMiner = (query: ProfitQuery, context: InputContext): ProfitAnswer =>
  answerFrom(resolveInputs(query, context))

/** The answer for inputs that are resolved already. */
export function answerFrom({ input, sources, count, fleet, model }: ResolvedInputs): ProfitAnswer {
  const result = calculate(input)
  const explain = explainProfit(input, result)
  return { ...result, count, fleet, model, sources, explain, booked: bookedDay(result) }
}

/** The pure function, with its refusals turned into faults beside fields. */
export const calculate = (input: ProfitInput): ProfitResult => orBadInput(() => profit(input))
