import { flags } from '@adonisjs/core/ace'
import { BadInput } from '#core/errors'
import type Scenario from '../models/scenario.js'
import { ScenarioCommand } from '../services/scenario_command.js'

/** Makes a link to a result; it is printed here and exists nowhere else. */
export default class CalculatorScenarioShare extends ScenarioCommand {
  static commandName = 'calculator:scenario:share'
  static description = 'Make a link that shows the result of a scenario to whoever holds it'

  @flags.number({ description: 'Days until it ends, 90 unless given' }) declare days?: number
  @flags.boolean({ description: 'Show the saved answer instead of the one of now' })
  declare saved?: boolean

  async change(scenario: Scenario) {
    const { shareValidator } = await import('../validators_scenarios.js')
    const { shareScenario } = await import('../services/share_links.js')
    const { detailedJson } = await import('../services/scenario_json.js')
    const { default: i18nManager } = await import('@adonisjs/i18n/services/main')
    const of = this.saved ? 'saved' : 'now'
    const { days } = await shareValidator.validate({ days: this.days, of })
    const answer = (await detailedJson(scenario, i18nManager.locale('en')))[of]
    if (!answer) {
      throw new BadInput([{ field: 'of', key: 'calculator_scenarios.problem.no_answer' }])
    }
    const { share, path } = await shareScenario(scenario, answer, days)
    const expiresAt = share.expiresAt.toISO()
    const did = this.dryRun ? `made a link until ${expiresAt}` : `made ${path} until ${expiresAt}`
    return { did, linkId: share.id, path: this.dryRun ? null : path, expiresAt }
  }
}
