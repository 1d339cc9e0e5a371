import type { HttpContext } from '@adonisjs/core/http'
import type Scenario from '../models/scenario.js'
import ScenarioShare from '../models/scenario_share.js'
import plugin from '../plugin.js'
import { fromStored } from './scenario_answer.js'
import { answered, compare, type Column } from './scenario_compare.js'
import { questionUrl } from './scenario_store.js'
import { shownAnswer } from './scenario_view.js'
import { MAX_SHARE_DAYS, SHARE_DAYS } from './share_links.js'

/** What a scenario says now and said when it was saved, as columns side by side. */
export async function nowAndThen(scenario: Scenario, { i18n }: HttpContext) {
  const [now] = await answered([scenario], i18n)
  const saved = await fromStored(scenario.answer)
  const columns: Column[] = [
    { ...now!, title: i18n.t('calculator_scenarios.now') },
    {
      title: i18n.t('calculator_scenarios.then'),
      query: scenario.question.query,
      answer: saved,
      problems: saved ? [] : [i18n.t('calculator_scenarios.unreadable')],
    },
  ]
  return { now: now!, saved, columns }
}

/** Everything that the page of a scenario shows; `made` is the address of a link just made. */
export async function scenarioPage(ctx: HttpContext, scenario: Scenario, made?: string) {
  const { i18n } = ctx
  const { now, saved, columns } = await nowAndThen(scenario, ctx)
  const shares = await ScenarioShare.of(scenario.id)
  const at = new Date()
  const { query } = scenario.question
  return {
    scenario,
    made: made ?? null,
    now: now.answer ? shownAnswer({ answer: now.answer, query }, i18n) : null,
    problems: now.problems,
    saved: saved ? shownAnswer({ answer: saved, query }, i18n) : null,
    comparison: compare(columns, i18n),
    openUrl: questionUrl(scenario.question),
    shares: shares.map((share) => ({ share, state: share.stateAt(at) })),
    share: { days: SHARE_DAYS, maxDays: MAX_SHARE_DAYS },
    mayEdit: plugin.allows('scenario.edit'),
  }
}
