import type Scenario from '../models/scenario.js'
import { ScenarioCommand } from '../services/scenario_command.js'

/** Brings an archived scenario back. */
export default class CalculatorScenarioRestore extends ScenarioCommand {
  static commandName = 'calculator:scenario:restore'
  static description = 'Bring an archived scenario back'

  async change(scenario: Scenario) {
    await scenario.restore()
    return { did: `restored ${scenario.name}` }
  }
}
