import { TenantCommand } from '#core/command'

const of = (value: number | null, unit: string, digits = 1) =>
  value === null ? '—' : `${value.toFixed(digits)} ${unit}`

/** The fleet now; the same object as the API's. */
export default class FleetStatus extends TenantCommand {
  static commandName = 'fleet:status'
  static description = 'The fleet now, as a whole and by site'
  static permission = 'fleet.miner.view'

  async inTenant() {
    const { summaryAnswer } = await import('../services/telemetry_answers.js')
    const answer = await summaryAnswer()
    for (const part of [{ name: 'all', ...answer.fleet }, ...answer.sites]) {
      const states = Object.entries(part.connectivity).map(([word, count]) => `${word} ${count}`)
      this.say(
        `${part.name.padEnd(24)} ${part.miners} miners (${states.join(', ') || 'none'}), ` +
          `${of(part.hashrateThs, 'TH/s')} of ${of(part.expectedThs, 'TH/s')}, ` +
          `${of(part.powerW === null ? null : part.powerW / 1000, 'kW')}, ${of(part.efficiencyJth, 'J/TH')}`
      )
    }
    return answer
  }
}
