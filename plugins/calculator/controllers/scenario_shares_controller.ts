import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { BadInput } from '#core/errors'
import Scenario from '../models/scenario.js'
import ScenarioShare from '../models/scenario_share.js'
import { nowAndThen, scenarioPage } from '../services/scenario_page.js'
import { shareScenario } from '../services/share_links.js'
import { shareValidator } from '../validators_scenarios.js'

/** Links that show one result to whoever holds them. */
export default class ScenarioSharesController {
  /** Answers with the page itself: after a redirect the secret would have to wait in the session. */
  async store(ctx: HttpContext) {
    const scenario = await Scenario.named(ctx.params.id)
    const { days, of } = await ctx.request.validateUsing(shareValidator)
    const { now, saved } = await nowAndThen(scenario, ctx)
    const answer = of === 'now' ? now.answer : saved
    if (!answer) {
      throw new BadInput([{ field: 'of', key: 'calculator_scenarios.problem.no_answer' }])
    }
    const { path } = await shareScenario(scenario, answer, days)
    const url = new URL(path, ctx.request.completeUrl()).href
    return ctx.view.render('calculator::scenarios/show', await scenarioPage(ctx, scenario, url))
  }

  async destroy(ctx: HttpContext) {
    const scenario = await Scenario.named(ctx.params.id)
    const share = await ScenarioShare.named(scenario.id, ctx.params.shareId)
    await share.revoke()
    const message = ctx.i18n.t('calculator_scenarios.unshared')
    return done(ctx, message, { to: `/calculator/scenarios/${scenario.id}` })
  }
}
