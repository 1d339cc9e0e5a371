import type { InputContext } from './input_context.js'
import { answerFrom, type ProfitAnswer } from './price_miner.js'
import { resolveDay } from './projection_day.js'
import type { ProjectionQuery } from './projection_terms.js'

/**
 * The calculator's answer for day 0 of a question about the future: with the tariff, the host's
 * charges and the pool's scheme in the price of a kWh and the reward. Where none of these is said
 * it is `priceMiner` to the bit. Throws BadInput that names the fields.
 */
export function dayAnswer(query: ProjectionQuery, context: InputContext): ProfitAnswer {
  const { day, ...resolved } = resolveDay(query, context)
  return answerFrom({ ...resolved, input: day })
}
