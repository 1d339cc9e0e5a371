import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import type { ProfitAnswer } from '../services/price_miner.js'

const number = (description: string) => flags.string({ description })

/** The calculator at the console: the same answer as on the page and in the API. */
export default class CalculatorProfit extends BaseCommand {
  static commandName = 'calculator:profit'
  static description = 'What a miner or a fleet earns in a day'
  static options: CommandOptions = { startApp: true }
  static permission = 'calculator.profit.view'

  @number('Hashrate in TH/s') declare hashrateThs: string
  @number('Power in W') declare powerW: string
  @number('How many, 1 unless given') declare count: string
  @number('Id of a model of the catalogue') declare modelId: string
  @number('Difficulty; the newest stored one unless given') declare difficulty: string
  @number('Subsidy per block in sat') declare subsidySats: string
  @number('Mean fees per block in sat') declare feesSats: string
  @number('Bitcoin price in $; the newest stored one unless given') declare btcUsd: string
  @number('Electricity in $/kWh') declare usdPerKwh: string
  @number('Pool fee in %') declare poolFeePct: string
  @number('Network hashrate in TH/s') declare networkHashrateThs: string
  @number('Cooling and losses in % of the energy') declare overheadPct: string
  @number('Fixed cost in $ a day') declare fixedUsdPerDay: string
  @flags.string({ description: 'Tenant (slug) whose settings and own models count' })
  declare tenant: string
  @flags.boolean({ description: 'Answer as JSON' }) declare json: boolean

  async run() {
    // Imported here and not above: every console command is loaded to list them.
    const { runAtConsole } = await import('#core/console')
    const { priceMiner } = await import('../services/price_miner.js')
    const { profitValidator } = await import('../validators.js')
    try {
      const answer = await runAtConsole(
        { tenant: this.tenant, permission: CalculatorProfit.permission, plugin: 'calculator' },
        async () => priceMiner(await profitValidator.validate(this.query()), new Date())
      )
      if (this.json) console.log(JSON.stringify(answer))
      else this.print(answer)
    } catch (error) {
      await this.explainFailure(error)
    }
  }

  private query() {
    const { feesSats, ...flagsGiven } = this.parsed.flags
    const { json: _json, tenant: _tenant, ...query } = Object.fromEntries(
      Object.entries({ ...flagsGiven, 'fees-sats-per-block': feesSats ?? this.feesSats }).map(
        ([name, value]) => [camel(name), value]
      )
    )
    delete query.feesSats
    return query
  }

  private print(answer: ProfitAnswer) {
    const table = this.ui.table()
    const row = (name: string, value: number | null) => table.row([name, value === null ? '—' : String(value)])
    row('BTC a day', answer.btcPerDay)
    row('revenue $ a day', answer.revenueUsdPerDay)
    row('electricity $ a day', answer.electricityUsdPerDay)
    row('profit $ a day', answer.profitUsdPerDay)
    row('break-even $/kWh', answer.breakEvenUsdPerKwh)
    row('break-even $/BTC', answer.breakEvenUsdPerBtc)
    row('deviation of network estimate %', answer.deviationPct)
    for (const [name, { value, source, detail, at }] of Object.entries(answer.sources)) {
      table.row([`${name} (${[source, detail, at].filter(Boolean).join(', ')})`, String(value ?? '—')])
    }
    table.render()
  }

  private async explainFailure(error: unknown) {
    const { messagesOf } = await import('#core/messages')
    const { default: i18nManager } = await import('@adonisjs/i18n/services/main')
    const messages = messagesOf(error, i18nManager.locale('en'))
    if (!messages) throw error
    for (const [field, sentences] of Object.entries(messages)) {
      this.logger.error(`${field}: ${sentences.join(' ')}`)
    }
    this.exitCode = 1
  }
}

const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
