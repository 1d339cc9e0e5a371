import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** Lists the saved scenarios with what they say now. */
export default class CalculatorScenarios extends TenantCommand {
  static commandName = 'calculator:scenarios'
  static description = 'Saved scenarios with their profit a day now and when they were saved'
  static permission = 'calculator.scenario.view'

  @flags.boolean({ description: 'Those that are archived, too' })
  declare all?: boolean

  async inTenant() {
    const { default: i18nManager } = await import('@adonisjs/i18n/services/main')
    const { answersOf, scenarioRows } = await import('../services/scenario_table.js')
    const { listedJson } = await import('../services/scenario_json.js')
    const query = scenarioRows().orderBy('calculator_scenarios.created_at', 'desc')
    if (!this.all) query.whereNull('calculator_scenarios.archived_at')
    const rows = await query
    const answers = await answersOf(rows, i18nManager.locale('en'))
    const list = rows.map((row) => listedJson(row, answers.get(row.id)!))
    for (const { id, name, nowProfitCents: now, savedProfitCents: saved } of list) {
      this.say(
        `${id}  ${dollars(now).padStart(16)} now  ${dollars(saved).padStart(16)} then  ${name}`
      )
    }
    return list
  }
}

const dollars = (cents: bigint | string | null) =>
  cents === null ? '—' : `$${(Number(cents) / 100).toFixed(2)}`
