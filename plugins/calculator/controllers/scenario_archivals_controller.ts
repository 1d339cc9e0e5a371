import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import Scenario from '../models/scenario.js'

/** Puts a scenario out of the list, and back. */
export default class ScenarioArchivalsController {
  async store(ctx: HttpContext) {
    const scenario = await Scenario.named(ctx.params.id)
    await scenario.archive()
    const message = ctx.i18n.t('calculator_scenarios.archived', { name: scenario.name })
    const undoUrl = `/calculator/scenarios/${scenario.id}/restoration`
    return done(ctx, message, { to: '/calculator/scenarios', undoUrl })
  }

  async destroy(ctx: HttpContext) {
    const scenario = await Scenario.named(ctx.params.id)
    await scenario.restore()
    const message = ctx.i18n.t('calculator_scenarios.restored', { name: scenario.name })
    return done(ctx, message)
  }
}
