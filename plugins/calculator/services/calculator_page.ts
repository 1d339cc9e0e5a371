import type { HttpContext } from '@adonisjs/core/http'
import { messagesOf } from '#core/messages'
import { heatmapValidator } from '../validators_projection.js'
import { dayAnswer } from './day_answer.js'
import { type HeatmapAnswer, heatmapOf } from './heatmap.js'
import type { InputContext } from './input_context.js'
import type { ProfitAnswer } from './price_miner.js'
import { type ProjectionAnswer, projectMiner } from './project_miner.js'
import type { ProjectionQuery } from './projection_terms.js'
import { type SensitivityAnswer, sensitivityOf } from './sensitivity.js'

type Errors = Record<string, string[]>

/** Everything the page shows for one question, all of it on one context. */
export interface PageAnswer {
  day: ProfitAnswer
  /** null: something that only the future needs is missing; `errors` says what. */
  future: ProjectionAnswer | null
  heat: HeatmapAnswer
  tornado: SensitivityAnswer
}

export interface Outcome {
  answer: PageAnswer | null
  errors: Errors
}

/** Empty fields are questions left to the market, not zeros. */
export const clean = (query: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '' && value !== null))

/** What was asked, as the schema reads it, or the faults beside their fields. */
export async function readQuestion({ request, i18n }: HttpContext) {
  const data = clean(request.qs())
  return caught(() => request.validateUsing(heatmapValidator, { data }), i18n)
}

/**
 * Answers for the page. Faults of the day leave nothing to show; faults of the future (no block
 * height, a tax without its years) leave the day standing and are told beside their fields.
 */
export async function answerPage(
  query: ProjectionQuery,
  context: InputContext,
  { i18n, withNpv }: { i18n: HttpContext['i18n']; withNpv: boolean }
): Promise<Outcome> {
  const day = await caught(() => dayAnswer(query, context), i18n)
  if (!day.value) return { answer: null, errors: day.errors }
  const future = await caught(() => projectMiner(query, context), i18n)
  const daily = future.value ? query : withoutInvestment(query)
  const answer = {
    day: day.value,
    future: future.value,
    heat: heatmapOf(withNpv ? daily : withoutInvestment(query), context),
    tornado: sensitivityOf(daily, context),
  }
  return { answer, errors: future.errors }
}

/** The same question about a day alone. */
const withoutInvestment = (query: ProjectionQuery): ProjectionQuery => ({
  ...query,
  capexUsd: undefined,
  capexUsdPerMiner: undefined,
  taxRatePct: undefined,
})

async function caught<T>(work: () => T | Promise<T>, i18n: HttpContext['i18n']) {
  try {
    return { value: await work(), errors: {} as Errors }
  } catch (error) {
    const errors = messagesOf(error, i18n)
    if (!errors) throw error
    return { value: null, errors }
  }
}
