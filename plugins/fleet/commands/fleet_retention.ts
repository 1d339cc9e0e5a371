import { flags } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** What the layers take, and what retention drops. */
export default class FleetRetention extends TenantCommand {
  static commandName = 'fleet:retention'
  static description =
    'Layers of telemetry with their size; drops partitions and forgets rows whose time is over'
  static permission = 'fleet.collector.edit'

  @flags.boolean({ description: 'Say what would be dropped, and drop nothing' })
  declare dryRun?: boolean

  async inTenant() {
    const { forgetRows, keepPartitions, storedLayers } = await import('../services/retention.js')
    const { keptHours } = await import('../services/kept_for.js')
    const isDryRun = this.dryRun ?? false
    const dropped = await keepPartitions(new Date(), isDryRun)
    const forgotten = await forgetRows(new Date(), isDryRun)
    const layers = await storedLayers()
    for (const { layer, bytes, rows, partitions } of layers) {
      this.say(
        `${layer.padEnd(28)} ${bytes} bytes, about ${rows ?? '—'} rows, ${partitions} partitions`
      )
    }
    const would = isDryRun ? 'would be ' : ''
    for (const { partition, bytes } of dropped) {
      this.say(`${partition}: ${bytes} bytes ${would}dropped`)
    }
    for (const [table, count] of Object.entries(forgotten)) {
      if (count > 0) this.say(`${table}: ${count} rows ${would}forgotten`)
    }
    return { isDryRun, keptHours: await keptHours(), dropped, forgotten, layers }
  }
}
