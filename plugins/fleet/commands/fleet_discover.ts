import { args } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** Asks a collector for a scan. */
export default class FleetDiscover extends TenantCommand {
  static commandName = 'fleet:discover'
  static description = 'Ask a collector to scan its ranges now'
  static permission = 'fleet.collector.edit'

  @args.string({ description: 'The id or the name of the collector' })
  declare collector: string

  async inTenant() {
    const { E_NOT_FOUND } = await import('#core/errors')
    const { isId } = await import('#core/ids')
    const { default: Collector } = await import('../models/collector.js')
    const column = isId(this.collector) ? 'id' : 'name'
    const row = await Collector.query()
      .where(column, this.collector)
      .whereNull('revoked_at')
      .first()
    if (!row) throw new E_NOT_FOUND()
    await row.askForScan()
    this.say(`${row.name} scans with its next heartbeat`)
    return { collectorId: row.id, scanRequest: row.scanRequest }
  }
}
