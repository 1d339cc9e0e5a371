import { flags } from '@adonisjs/core/ace'
import type Scenario from '../models/scenario.js'
import { ScenarioCommand } from '../services/scenario_command.js'

/** Saves the same question under another name, answered anew. */
export default class CalculatorScenarioCopy extends ScenarioCommand {
  static commandName = 'calculator:scenario:copy'
  static description = 'Duplicate a saved scenario under another name'

  @flags.string({ description: 'Name of the copy' }) declare name: string

  async change(scenario: Scenario) {
    const { copyValidator } = await import('../validators_scenarios.js')
    const { copyScenario } = await import('../services/scenario_store.js')
    const { name } = await copyValidator.validate({ name: this.name })
    const copy = await copyScenario(scenario, name)
    return { did: `duplicated ${scenario.name} as ${copy.id}`, copyId: copy.id, copyName: name }
  }
}
