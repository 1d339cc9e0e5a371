import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'
import type { ProfitAnswer } from '../services/price_miner.js'

const number = (description: string) => flags.string({ description })

/** The calculator at the console: the same answer as on the page and in the API. */
export default class CalculatorProfit extends TenantCommand {
  static commandName = 'calculator:profit'
  static description = 'What a miner or a fleet earns in a day'
  static permission = 'calculator.profit.view'
  static openToGuests = true

  @number('Hashrate in TH/s') declare hashrateThs: string
  @number('Power in W') declare powerW: string
  @number('How many, 1 unless given') declare count: string
  @number('Power of a site in MW, instead of how many') declare siteMw: string
  @number('Power at the meter over power at the miners') declare pue: string
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

  async inTenant() {
    // Imported here and not above: every console command is loaded to list them.
    const { contextFor } = await import('../services/input_context.js')
    const { priceMiner } = await import('../services/price_miner.js')
    const { profitValidator } = await import('../validators.js')
    const query = await profitValidator.validate(this.query())
    const answer = priceMiner(query, await contextFor(query, new Date()))
    this.print(answer)
    return answer
  }

  private query() {
    const { 'tenant': _tenant, 'json': _json, 'fees-sats': fees, ...given } = this.parsed.flags
    const named = Object.entries(given).map(([name, value]) => [camel(name), value])
    return { ...Object.fromEntries(named), feesSatsPerBlock: fees }
  }

  private print(answer: ProfitAnswer) {
    const row = (name: string, value: number | null, more = '') =>
      this.say(`${name.padEnd(34)} ${value ?? '—'} ${more}`.trimEnd())
    row('BTC a day', answer.btcPerDay)
    row('BTC a day by network hashrate', answer.btcPerDayByNetwork)
    row('revenue $ a day', answer.revenueUsdPerDay)
    row('electricity $ a day', answer.electricityUsdPerDay)
    row('profit $ a day', answer.profitUsdPerDay)
    row('break-even $/kWh', answer.breakEvenUsdPerKwh)
    row('break-even $/BTC', answer.breakEvenUsdPerBtc)
    for (const [name, { value, source, detail, at }] of Object.entries(answer.sources)) {
      row(`  ${name}`, value, `(${[source, detail, at].filter(Boolean).join(', ')})`)
    }
  }
}

const camel = (name: string) =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
