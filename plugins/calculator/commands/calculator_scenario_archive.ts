import type Scenario from '../models/scenario.js'
import { ScenarioCommand } from '../services/scenario_command.js'

/** Puts a scenario out of the list; nothing is deleted. */
export default class CalculatorScenarioArchive extends ScenarioCommand {
  static commandName = 'calculator:scenario:archive'
  static description = 'Archive a saved scenario'

  async change(scenario: Scenario) {
    await scenario.archive()
    return { did: `archived ${scenario.name}` }
  }
}
