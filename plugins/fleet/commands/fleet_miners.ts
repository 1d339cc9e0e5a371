import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** Miners with what they do now. */
export default class FleetMiners extends TenantCommand {
  static commandName = 'fleet:miners'
  static description = 'Miners with what they do now, in the order of their numbers'
  static permission = 'fleet.miner.view'

  @flags.number({ description: 'At most so many (1,000 unless given)' })
  declare limit?: number

  @flags.number({ description: 'Those after this number' })
  declare after?: number

  async inTenant() {
    const { livePage } = await import('../services/telemetry_answers.js')
    const { data } = await livePage(String(this.after ?? 0), this.limit ?? 1000)
    for (const miner of data) {
      const hashrate = miner.hashrateThs === null ? '—' : `${miner.hashrateThs.toFixed(1)} TH/s`
      this.say(
        `#${String(miner.no).padEnd(7)} ${(miner.ip ?? '—').padEnd(16)} ${(miner.model ?? '—').padEnd(18)} ` +
          `${miner.connectivity.padEnd(15)} ${hashrate}`
      )
    }
    return data
  }
}
