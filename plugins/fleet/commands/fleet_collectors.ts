import { TenantCommand } from '#core/command'

/** The collectors and how they are. */
export default class FleetCollectors extends TenantCommand {
  static commandName = 'fleet:collectors'
  static description = 'Collectors with health, queue and version'
  static permission = 'fleet.collector.view'

  async inTenant() {
    const { default: Collector } = await import('../models/collector.js')
    const rows: InstanceType<typeof Collector>[] = await Collector.query().orderBy('name')
    const list = rows.map((row) => ({
      id: row.id,
      name: row.name,
      siteId: row.siteId,
      fingerprint: row.fingerprint,
      version: row.version,
      isDown: row.isDown,
      seenAt: row.seenAt?.toISO() ?? null,
      batchAt: row.batchAt?.toISO() ?? null,
      revokedAt: row.revokedAt?.toISO() ?? null,
      queueBatches: row.queueBatches,
      droppedSamples: row.droppedSamples,
      minersKnown: row.minersKnown,
      minersAnswering: row.minersAnswering,
    }))
    for (const one of list) {
      const state = one.revokedAt
        ? 'revoked'
        : one.isDown
          ? 'down'
          : one.seenAt
            ? 'up'
            : 'never seen'
      this.say(
        `${one.name.padEnd(24)} ${state.padEnd(11)} ${one.minersAnswering}/${one.minersKnown} answer, ` +
          `${one.queueBatches} batches wait, ${one.fingerprint}`
      )
    }
    return list
  }
}
