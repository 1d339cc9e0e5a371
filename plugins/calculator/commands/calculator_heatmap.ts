import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'
import type { HeatmapAnswer } from '../services/heatmap.js'
import { fieldsOf } from '../services/projection_fields.js'
import { HEATMAP_FLAGS, SHUTDOWN_FLAG } from '../services/projection_flags.js'

/** The heat map at the console: the same grids as on the page and in the API. */
export default class CalculatorHeatmap extends TenantCommand {
  static commandName = 'calculator:heatmap'
  static description = 'Profit a day, and NPV, by bitcoin price and electricity price'
  static permission = 'calculator.profit.view'
  static openToGuests = true

  static {
    this.boot()
    for (const [name, description] of Object.entries(HEATMAP_FLAGS)) {
      this.defineFlag(name, { type: 'string', description })
    }
  }

  @flags.boolean({ description: SHUTDOWN_FLAG }) declare shutdownWhenNegative?: boolean

  async inTenant() {
    // Imported here and not above: every console command is loaded to list them.
    const { contextFor } = await import('../services/input_context.js')
    const { heatmapOf } = await import('../services/heatmap.js')
    const { heatmapValidator } = await import('../validators_projection.js')
    const query = await heatmapValidator.validate(fieldsOf(this.parsed.flags))
    const answer = heatmapOf(query, await contextFor(query, new Date()))
    this.print(answer)
    return answer
  }

  private print({ btcUsdAxis, usdPerKwhAxis, profitUsdPerDay, breakEvenUsdPerKwh }: HeatmapAnswer) {
    const row = (name: string, cells: (number | null)[], digits: number) =>
      this.say([name, ...cells.map((cell) => cell?.toFixed(digits) ?? '—')].join('\t'))
    row('$/kWh \\ $/BTC', btcUsdAxis, 0)
    for (const [index, usdPerKwh] of usdPerKwhAxis.entries()) {
      row(usdPerKwh.toFixed(4), profitUsdPerDay[index]!, 2)
    }
    row('0 at $/kWh', breakEvenUsdPerKwh, 4)
  }
}
