import { args } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** One scenario: what it says now and what it said when it was saved. */
export default class CalculatorScenario extends TenantCommand {
  static commandName = 'calculator:scenario'
  static description = 'A saved scenario with its answer now and when it was saved'
  static permission = 'calculator.scenario.view'

  @args.string({ description: 'Id of the scenario, see calculator:scenarios' })
  declare id: string

  async inTenant() {
    const { default: i18nManager } = await import('@adonisjs/i18n/services/main')
    const { default: Scenario } = await import('../models/scenario.js')
    const { detailedJson } = await import('../services/scenario_json.js')
    const { figuresOf } = await import('../services/scenario_figures.js')
    const detail = await detailedJson(await Scenario.named(this.id), i18nManager.locale('en'))
    this.say(`${detail.name}, saved ${detail.savedAt}`)
    for (const problem of detail.problems) this.say(`now: ${problem}`)
    const then = detail.saved ? figuresOf(detail.saved) : []
    const now = detail.now ? figuresOf(detail.now) : []
    for (const [index, { name, unit }] of (now.length > 0 ? now : then).entries()) {
      const [today, before] = [now[index]?.value ?? '—', then[index]?.value ?? '—']
      this.say(`${name.padEnd(14)} ${unit.padEnd(7)} now ${today}  then ${before}`)
    }
    return detail
  }
}
