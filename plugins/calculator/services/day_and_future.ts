import { BadInput, type InputFault } from '#core/errors'
import { dayAnswer } from './day_answer.js'
import type { InputContext } from './input_context.js'
import type { ProfitAnswer } from './price_miner.js'
import { type ProjectionAnswer, projectMiner } from './project_miner.js'
import type { ProjectionQuery } from './projection_terms.js'

/** What the calculator says to a whole question, all of it on one context. */
export interface DayAndFuture {
  day: ProfitAnswer
  /** null: something that only the future needs is missing or impossible; the faults say what. */
  future: ProjectionAnswer | null
  futureFaults: readonly InputFault[]
}

/**
 * Answers a question for its day and for its investment. Faults of the day are thrown as BadInput;
 * faults of the future (no block height, a tax without its years) leave the day standing.
 */
export function dayAndFuture(query: ProjectionQuery, context: InputContext): DayAndFuture {
  const day = dayAnswer(query, context)
  try {
    return { day, future: projectMiner(query, context), futureFaults: [] }
  } catch (error) {
    if (!(error instanceof BadInput)) throw error
    return { day, future: null, futureFaults: error.messages }
  }
}
