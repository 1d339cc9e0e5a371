import { args, flags } from '@adonisjs/core/ace'
import { current } from '#core/current'
import { TenantCommand } from '#core/command'
import type Scenario from '../models/scenario.js'

/** A console command that changes one scenario, or only says what it would change. */
export abstract class ScenarioCommand extends TenantCommand {
  static permission = 'calculator.scenario.edit'

  @args.string({ description: 'Id of the scenario, see calculator:scenarios' })
  declare id: string

  @flags.boolean({ description: 'Check everything and change nothing' })
  declare dryRun?: boolean

  /** Changes it and says in a few words what was done. */
  abstract change(scenario: Scenario): Promise<{ did: string } & Record<string, unknown>>

  async inTenant() {
    const { default: Scenarios } = await import('../models/scenario.js')
    const scenario = await Scenarios.named(this.id)
    const { did, ...answer } = await this.change(scenario)
    if (this.dryRun) current.abandon()
    this.say(`${this.dryRun ? 'would have ' : ''}${did}`)
    return { id: scenario.id, name: scenario.name, ...answer, dryRun: this.dryRun ?? false }
  }
}
