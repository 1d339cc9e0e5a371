import { args } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** The links to a scenario; the links themselves are not kept, only that they exist. */
export default class CalculatorScenarioLinks extends TenantCommand {
  static commandName = 'calculator:scenario:links'
  static description = 'The links to a scenario: how often seen, until when'
  static permission = 'calculator.scenario.view'

  @args.string({ description: 'Id of the scenario, see calculator:scenarios' })
  declare id: string

  async inTenant() {
    const { default: Scenario } = await import('../models/scenario.js')
    const { default: Share } = await import('../models/scenario_share.js')
    const scenario = await Scenario.named(this.id)
    const links = (await Share.of(scenario.id)).map((link) => ({
      id: link.id,
      state: link.stateAt(new Date()),
      views: link.views,
      createdAt: link.createdAt.toUTC().toISO(),
      expiresAt: link.expiresAt.toUTC().toISO(),
    }))
    for (const { id, state, views, expiresAt } of links) {
      this.say(`${id}  ${state.padEnd(8)} seen ${views} times, ends ${expiresAt}`)
    }
    return links
  }
}
