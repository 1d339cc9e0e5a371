import type { HttpContext } from '@adonisjs/core/http'
import { BadInput } from '#core/errors'
import { messagesOf } from '#core/messages'
import { heatmapValidator } from '../validators_projection.js'
import { type DayAndFuture, dayAndFuture } from './day_and_future.js'
import { type HeatmapAnswer, heatmapOf } from './heatmap.js'
import type { InputContext } from './input_context.js'
import type { ProjectionQuery } from './projection_terms.js'
import { type SensitivityAnswer, sensitivityOf } from './sensitivity.js'

type Errors = Record<string, string[]>

/** Everything the page shows for one question, all of it on one context. */
export interface PageAnswer extends Pick<DayAndFuture, 'day' | 'future'> {
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

/** Answers for the page. Faults of the day leave nothing to show; those of the future are told. */
export async function answerPage(
  query: ProjectionQuery,
  context: InputContext,
  { i18n, withNpv }: { i18n: HttpContext['i18n']; withNpv: boolean }
): Promise<Outcome> {
  const answered = await caught(() => dayAndFuture(query, context), i18n)
  if (!answered.value) return { answer: null, errors: answered.errors }
  const { day, future, futureFaults } = answered.value
  const daily = future ? query : withoutInvestment(query)
  const answer = {
    day,
    future,
    heat: heatmapOf(withNpv ? daily : withoutInvestment(query), context),
    tornado: sensitivityOf(daily, context),
  }
  return { answer, errors: future ? {} : messagesOf(new BadInput(futureFaults), i18n)! }
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
