import { flags } from '@adonisjs/core/ace'
import type Scenario from '../models/scenario.js'
import { ScenarioCommand } from '../services/scenario_command.js'

/** Takes links to a scenario back for good. */
export default class CalculatorScenarioUnshare extends ScenarioCommand {
  static commandName = 'calculator:scenario:unshare'
  static description = 'Revoke one link to a scenario, or all of them'

  @flags.string({ description: 'Id of the link; all that are open unless given' })
  declare link?: string

  async change(scenario: Scenario) {
    const { default: Share } = await import('../models/scenario_share.js')
    const links = this.link
      ? [await Share.named(scenario.id, this.link)]
      : await Share.of(scenario.id)
    const open = links.filter((link) => link.stateAt(new Date()) === 'open')
    for (const link of open) await link.revoke()
    return { did: `revoked ${open.length} links`, revoked: open.map(({ id }) => id) }
  }
}
