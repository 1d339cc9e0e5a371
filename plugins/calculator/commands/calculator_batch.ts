import { args, flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** The batch calculator at the console: a file in, a file out, nothing stored. */
export default class CalculatorBatch extends TenantCommand {
  static commandName = 'calculator:batch'
  static description = 'Price the rows of a CSV or XLSX file; --out may be .csv or .xlsx'
  static permission = 'calculator.batch.run'

  @args.string({ description: 'CSV or XLSX file; its head names the columns' })
  declare file: string

  @flags.string({ description: 'Where the priced rows go' })
  declare out?: string

  @flags.string({ description: 'Where the refused rows go, with reasons and their own cells' })
  declare faults?: string

  @flags.array({ description: 'Which column is what: model=Miner type, hashrateThs=Hash' })
  declare map?: string[]

  @flags.string({ description: 'Bitcoin price in $ for rows that name none' })
  declare btcUsd?: string

  @flags.string({ description: 'Difficulty for rows that name none' })
  declare difficulty?: string

  @flags.string({ description: 'Electricity in $/kWh for rows that name none' })
  declare usdPerKwh?: string

  @flags.string({ description: 'Pool fee in % for rows that name none' })
  declare poolFeePct?: string

  async inTenant() {
    // Imported here and not above: every console command is loaded to list them.
    const { priceFile } = await import('../services/batch_console.js')
    const { btcUsd, difficulty, usdPerKwh, poolFeePct, map = [] } = this
    const answer = await priceFile({
      file: this.file,
      out: this.out,
      faults: this.faults,
      map,
      shared: { btcUsd, difficulty, usdPerKwh, poolFeePct },
    })
    const { rowsPriced, rowsRefused, totals } = answer
    this.say(`${rowsPriced} rows priced, ${rowsRefused} refused`)
    for (const [name, value] of Object.entries(totals)) this.say(`${name.padEnd(20)} ${value}`)
    for (const { line, reason } of answer.firstRefusals) this.say(`  line ${line}: ${reason}`)
    return answer
  }
}
