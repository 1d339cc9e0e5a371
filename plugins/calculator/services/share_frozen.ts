import type { InputName } from './inputs.js'
import type { Fields, ScenarioAnswer } from './scenario_answer.js'

/** An answer without what is only the company's: the note of its own model. */
export function forOthers(answer: ScenarioAnswer): ScenarioAnswer {
  const { day } = answer
  if (!day.model || !isOwn(answer)) return answer
  return { ...answer, day: { ...day, model: { ...day.model, note: null } } }
}

/** Models of the catalogue have a grade of evidence, those of the company none. */
const isOwn = ({ day: { model } }: ScenarioAnswer) => model !== null && model.evidence === null

const PER_MINER: readonly InputName[] = ['hashrateThs', 'powerW']

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
  const typed = taken.map(([name, { value }]) => {
    const isPerMiner = PER_MINER.includes(name as InputName)
    const one = isPerMiner ? Number((value! / count).toPrecision(14)) : value
    return [name, String(one)] as const
  })
  return {
    ...(modelId && !isOwn(answer) ? { modelId } : {}),
    ...rest,
    ...Object.fromEntries(typed),
  }
}
