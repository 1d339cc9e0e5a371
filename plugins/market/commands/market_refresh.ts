import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import { DATA, isDatum } from '../domain/data.js'

/** Asks the providers now, as the jobs do. */
export default class MarketRefresh extends BaseCommand {
  static commandName = 'market:refresh'
  static description = 'Ask the data providers for market figures now'
  static options: CommandOptions = { startApp: true }
  static permission = 'market.provider.edit'

  @args.string({ description: `One of ${DATA.join(', ')}; all unless given`, required: false })
  declare datum?: string

  @flags.boolean({ description: 'Answer as JSON' })
  declare json: boolean

  async run() {
    const { datum } = this
    if (datum !== undefined && !isDatum(datum)) {
      this.logger.error(`There is no datum "${datum}": use ${DATA.join(', ')}`)
      this.exitCode = 1
      return
    }
    const { refreshDatum } = await import('../services/refresh_datum.js')
    const reports = []
    for (const one of datum ? [datum] : DATA) reports.push(await refreshDatum(one, { pauseMs: 0 }))
    const isBad = reports.some(({ outcome }) => outcome === 'nothing' || outcome === 'off')
    if (isBad) this.exitCode = 1
    if (this.json) return void process.stdout.write(`${JSON.stringify(reports)}\n`)
    for (const { datum: name, outcome, feeds } of reports) {
      this.logger.log(`${name.padEnd(12)} ${outcome}`)
      for (const { provider, state, reason, detail, ms } of feeds) {
        const why = [reason, detail, ms === null ? null : `${ms} ms`].filter(Boolean).join(', ')
        this.logger.log(`  ${provider.padEnd(18)} ${state.padEnd(8)} ${why}`)
      }
    }
  }
}
