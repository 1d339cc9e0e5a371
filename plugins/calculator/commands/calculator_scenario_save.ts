import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** Saves a question under a name, as the page does. */
export default class CalculatorScenarioSave extends TenantCommand {
  static commandName = 'calculator:scenario:save'
  static description = 'Save a question to the calculator under a name'
  static permission = 'calculator.scenario.edit'

  @flags.string({ description: 'Name of the scenario' }) declare name: string
  @flags.string({ description: 'A note for colleagues' }) declare note?: string
  @flags.string({ description: 'Fields as in an address: "count=10&powerW=3500&…"' })
  declare query: string
  @flags.boolean({ description: 'Check everything and save nothing' }) declare dryRun?: boolean

  async inTenant() {
    const { current } = await import('#core/current')
    const { labelValidator } = await import('../validators_scenarios.js')
    const { saveScenario } = await import('../services/scenario_store.js')
    const { name, note } = await labelValidator.validate({ name: this.name, note: this.note })
    const query = Object.fromEntries(new URLSearchParams(this.query ?? ''))
    const scenario = await saveScenario({ name, note: note ?? null }, { kind: 'day', query })
    if (this.dryRun) current.abandon()
    this.say(this.dryRun ? `would save ${name}` : `saved ${name} as ${scenario.id}`)
    return { id: scenario.id, name, query: scenario.question.query, dryRun: this.dryRun ?? false }
  }
}
