import { basename } from 'node:path'
import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { isSeriesKind, SERIES_KINDS, type SeriesKind } from '../domain/series_kind.js'
import type { ImportReport } from '../services/import_report.js'

type Outcome = ({ file: string } & ImportReport) | { file: string; error: string }

/** Brings market history from files into the portal. */
export default class MarketImport extends BaseCommand {
  static commandName = 'market:import'
  static description =
    'Store CSV files of prices, candles, difficulty, network hashrate or difficulty epochs'
  static options: CommandOptions = { startApp: true }
  static permission = 'market.series.import'

  @args.spread({ description: 'CSV files with a head line' })
  declare files: string[]

  @flags.string({
    description: `What the files hold, one of ${SERIES_KINDS.join(', ')}; by their head unless given`,
  })
  declare series: string

  @flags.string({ description: 'Who says so; the name of the file unless given' })
  declare source: string

  @flags.boolean({ description: 'Answer as JSON' })
  declare json: boolean

  async run() {
    const { series: kind } = this
    if (kind !== undefined && !isSeriesKind(kind)) {
      this.exitCode = 1
      return this.logger.error(`--series must be one of ${SERIES_KINDS.join(', ')}`)
    }
    const outcomes: Outcome[] = []
    for (const file of this.files) outcomes.push(await this.take(file, kind))
    if (this.json) console.log(JSON.stringify({ files: outcomes }))
    const failed = outcomes.some((one) => 'error' in one || (one.stored === 0 && one.refused > 0))
    if (failed) this.exitCode = 1
  }

  /** Each file stands for itself: a bad one does not keep the others out. */
  private async take(file: string, kind: SeriesKind | undefined): Promise<Outcome> {
    const { importFile } = await import('../services/import_files.js')
    const onProgress = (rows: number) => this.progress(`${basename(file)}: ${rows} rows`)
    try {
      const wish = { file, kind, source: this.source, now: new Date(), onProgress }
      const report = await importFile(wish)
      this.progress('')
      this.print(file, report)
      return { file, ...report }
    } catch (error) {
      const { status, code, message } = error as { status?: number; code?: string; message: string }
      const isOfTheFile = (status ?? 500) < 500 || code?.startsWith('CSV_')
      if (!isOfTheFile) throw error
      this.progress('')
      if (!this.json) this.logger.error(`${file}: ${message}`)
      return { file, error: message }
    }
  }

  /** One line that is written over, where somebody is looking. */
  private progress(text: string) {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[2K${text}`)
  }

  private print(file: string, report: ImportReport) {
    if (this.json) return
    const { kind, source, rows, stored, refused, from, to } = report
    const span = from ? `, ${from.slice(0, 10)} to ${to!.slice(0, 10)}` : ''
    this.logger.success(
      `${basename(file)}: ${stored} of ${rows} rows stored as ${kind} of ${source}${span}`
    )
    if (refused > 0) this.logger.warning(`${refused} rows refused`)
    for (const { line, reason } of report.refusedRows) this.logger.log(`  line ${line}: ${reason}`)
  }
}
