import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import Scenario from '../models/scenario.js'
import { copyScenario } from '../services/scenario_store.js'
import { copyValidator } from '../validators_scenarios.js'

/** The same question once more, under another name. */
export default class ScenarioCopiesController {
  async store(ctx: HttpContext) {
    const scenario = await Scenario.named(ctx.params.id)
    const { name } = await ctx.request.validateUsing(copyValidator)
    const copy = await copyScenario(scenario, name)
    const message = ctx.i18n.t('calculator_scenarios.saved', { name })
    return done(ctx, message, { to: `/calculator/scenarios/${copy.id}` })
  }
}
