import { args, flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** A list of miners at the console. */
export default class FleetImport extends TenantCommand {
  static commandName = 'fleet:import'
  static description =
    'Import miners from a CSV or XLSX list; --dry-run says what it would do and writes nothing'
  static permission = 'fleet.list.import'

  @args.string({ description: 'CSV or XLSX file; its head names the columns' })
  declare file: string

  @flags.string({ description: 'Code or name of the site of rows that name none' })
  declare site?: string

  @flags.array({ description: 'Which column is what: mac=Ethernet, shelf=Level' })
  declare map?: string[]

  @flags.boolean({ description: 'Check only' })
  declare dryRun?: boolean

  @flags.boolean({ description: 'Refuse the list when a row is bad or a conflict' })
  declare strict?: boolean

  async inTenant() {
    const { importFile } = await import('../services/import_console.js')
    const answer = await importFile({
      file: this.file,
      site: this.site,
      map: this.map ?? [],
      isDryRun: this.dryRun ?? false,
      isStrict: this.strict ?? false,
    })
    const { added, changed, same, conflicts, bad } = answer
    const would = this.dryRun ? 'would be ' : ''
    this.say(`${added} ${would}added, ${changed} ${would}changed, ${same} the same`)
    this.say(`${conflicts} conflicts, ${bad} bad rows: left out`)
    for (const { line, outcome, label, reasons } of answer.left) {
      this.say(`  line ${line} ${label} ${outcome}: ${reasons.join(' ')}`)
    }
    return answer
  }
}
