import { flags } from '@adonisjs/core/ace'
import type Scenario from '../models/scenario.js'
import { ScenarioCommand } from '../services/scenario_command.js'

/** Gives a scenario another name or note. */
export default class CalculatorScenarioRename extends ScenarioCommand {
  static commandName = 'calculator:scenario:rename'
  static description = 'Change the name or the note of a saved scenario'

  @flags.string({ description: 'The new name; as it is unless given' }) declare name?: string
  @flags.string({ description: 'The new note; as it is unless given' }) declare note?: string

  async change(scenario: Scenario) {
    const { labelValidator } = await import('../validators_scenarios.js')
    const wanted = {
      name: this.name ?? scenario.name,
      note: this.note ?? scenario.note ?? undefined,
    }
    const { name, note } = await labelValidator.validate(wanted)
    await scenario.rename({ name, note: note ?? null })
    return { did: `renamed it to ${name}`, note: note ?? null }
  }
}
