import type { FutureBrief } from './future_brief.js'
import type { Fields, ScenarioAnswer } from './scenario_answer.js'
import { asSaid } from './sourced_figure.js'

/** An answer without what is only the company's: the note of its own model, the book of the host. */
export function forOthers(answer: ScenarioAnswer): ScenarioAnswer {
  const { day, future } = answer
  const model = day.model && isOwn(answer) ? { ...day.model, note: null } : day.model
  return { ...answer, day: { ...day, model }, future: future && withoutHostBook(future) }
}

/** Margin and costs of the host are nobody else's business; the client's book stays. */
function withoutHostBook(future: FutureBrief): FutureBrief {
  const { books } = future.totals
  if (!books) return future
  const { demandUsdPerKwMonth: _, ...sources } = future.sources
  return { ...future, sources, totals: { ...future.totals, books: { ...books, host: null } } }
}

/** Ways of hosting under which the client pays a price of its own, whatever the energy costs. */
const OWN_PRICE = new Set(['flat', 'min_commit'])
const HOST_COSTS = new Set(['usdPerKwh', 'tariffBlocks', 'demandUsdPerKwMonth'])

/** A question without what the energy costs the host, where that is no part of the contract. */
export const withoutHostCosts = (query: Fields): Fields =>
  OWN_PRICE.has(query.hosting ?? '')
    ? Object.fromEntries(Object.entries(query).filter(([name]) => !HOST_COSTS.has(name)))
    : query

/** Models of the catalogue have a grade of evidence, those of the company none. */
const isOwn = ({ day: { model } }: ScenarioAnswer) => model !== null && model.evidence === null

/**
 * The question as somebody outside can ask it: what came from the company's settings or own model
 * is typed; what came from the market is left out, so that it is asked anew.
 */
export function questionForOthers(query: Fields, answer: ScenarioAnswer): Fields {
  const { modelId, ...rest } = query
  const { sources, count } = answer.day
  const taken = Object.entries(sources).filter(
    ([, { source, value }]) => value !== null && (source === 'own_model' || source === 'setting')
  )
  const typed = taken.map(
    ([name, { value }]) => [name, String(asSaid(name, value!, count))] as const
  )
  return withoutHostCosts({
    ...(modelId && !isOwn(answer) ? { modelId } : {}),
    ...rest,
    ...Object.fromEntries(typed),
  })
}
