import { args, flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'
import { defineError } from '#core/errors'

/** A file must be of a kind that is written. */
const E_EXPORT_KIND = defineError('Name a file that ends with .csv or .xlsx', 'E_EXPORT_KIND', 422)

/** Writes one scenario, or up to four side by side, into a file. */
export default class CalculatorScenarioExport extends TenantCommand {
  static commandName = 'calculator:scenario:export'
  static description = 'Write scenarios, up to four side by side, into a CSV or XLSX file'
  static permission = 'calculator.scenario.view'

  @args.spread({ description: 'Ids of the scenarios' }) declare ids: string[]
  @flags.string({ description: 'The file: .csv or .xlsx' }) declare out: string

  async inTenant() {
    const { writeFile } = await import('node:fs/promises')
    const { default: i18nManager } = await import('@adonisjs/i18n/services/main')
    const { comparedIds, scenarioColumns } = await import('../services/scenario_compare.js')
    const { csvFileOf, workbookOf } = await import('../services/export_sheets.js')
    const i18n = i18nManager.locale('en')
    const [, kind] = /\.(csv|xlsx)$/.exec(this.out ?? '') ?? []
    if (!kind) throw new E_EXPORT_KIND()
    const columns = await scenarioColumns(comparedIds({ ids: this.ids }), i18n)
    const title = columns.map((column) => column.title).join(', ')
    const given = { title, columns }
    await writeFile(
      this.out,
      kind === 'csv' ? csvFileOf(given, i18n) : await workbookOf(given, i18n)
    )
    this.say(`wrote ${columns.length} scenarios to ${this.out}`)
    return { out: this.out, scenarios: columns.map(({ scenario }) => scenario.id) }
  }
}
