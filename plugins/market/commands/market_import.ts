import { basename } from 'node:path'
import { existsSync } from 'node:fs'
import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { isSeriesKind, SERIES_KINDS } from '../domain/series_kind.js'

/** Brings market history from a file into the portal. */
export default class MarketImport extends BaseCommand {
  static commandName = 'market:import'
  static description = 'Store a CSV of prices, candles, difficulty or network hashrate'
  static options: CommandOptions = { startApp: true }
  static permission = 'market.series.import'

  @args.string({ description: 'CSV file with a head line' })
  declare file: string

  @flags.string({ description: `One of ${SERIES_KINDS.join(', ')}`, required: true })
  declare series: string

  @flags.string({ description: 'Who says so; the name of the file unless given' })
  declare source: string

  @flags.boolean({ description: 'Answer as JSON' })
  declare json: boolean

  async run() {
    const { series: kind, file } = this
    if (!isSeriesKind(kind))
      return this.refuse(`--series must be one of ${SERIES_KINDS.join(', ')}`)
    if (!existsSync(file)) return this.refuse(`There is no file ${file}`)
    const { importSeries } = await import('../services/import_series.js')
    const source = (this.source ?? basename(file)).slice(0, 80)
    const report = await importSeries({ file, kind, source, now: new Date() })
    if (this.json) return console.log(JSON.stringify(report))
    this.logger.success(
      `${report.stored} of ${report.rows} rows stored as ${kind} of ${source}, ${report.from} to ${report.to}`
    )
    if (report.refused > 0) this.logger.warning(`${report.refused} rows refused`)
    for (const { line, reason } of report.refusedRows) this.logger.log(`  line ${line}: ${reason}`)
    if (report.stored === 0) this.exitCode = 1
  }

  private refuse(sentence: string) {
    this.logger.error(sentence)
    this.exitCode = 1
  }
}
