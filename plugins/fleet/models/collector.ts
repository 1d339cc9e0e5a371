import { compose } from '@adonisjs/core/helpers'
import { DateTime } from 'luxon'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { changesOf } from '#core/events'
import { isId } from '#core/ids'
import { Tenanted } from '#core/model'
import { FleetCollectorSchema } from '#database/schema'
import { fingerprintWords } from '#edge/protocol/signing'
import plugin from '../plugin.js'

/** What an operator may decide about a collector. */
export interface CollectorChoices {
  name: string
  autoAccept: boolean
  pollSeconds: number
  detailSeconds: number
  scanHours: number
}

/** The machine at a site that reads its miners. */
export default class Collector extends compose(FleetCollectorSchema, Tenanted) {
  static table = 'fleet_collectors'

  /** The collector with this id, or E_NOT_FOUND. */
  static async named(id: unknown): Promise<Collector> {
    const found = isId(id) ? await Collector.find(id) : null
    if (!found) throw new E_NOT_FOUND()
    return found as Collector
  }

  /** Six words that also stand on the collector's own screen. */
  get fingerprint() {
    return fingerprintWords(this.publicKey)
  }

  /** Changes what it is told; it hears of it with its next heartbeat. */
  async decide(choices: CollectorChoices) {
    Object.assign(this, choices)
    const changes = changesOf(this)
    if (Object.keys(changes).length === 0) return
    this.configVersion += 1
    await this.save()
    await plugin.track(this, 'collector.changed', { name: this.name }, changes)
  }

  /** What it was told is no longer all: ranges or ignored machines changed. */
  static async renewConfig(collectorId: string) {
    await current
      .get()
      .client.from('fleet_collectors')
      .where({ tenant_id: current.tenantId(), id: collectorId })
      .increment('config_version', 1)
  }

  /** Asks for a scan of all ranges now. */
  async askForScan() {
    this.scanRequest += 1
    this.configVersion += 1
    await this.save()
    await plugin.track(this, 'collector.changed', { name: this.name }, { scan: [null, 'asked'] })
  }

  /** Orders a version; what ran before comes back when that one does not prove itself. */
  async orderVersion(version: string, mayDowngrade: boolean) {
    this.updateRequest += 1
    this.configVersion += 1
    Object.assign(this, { updateVersion: version, updateDowngrade: mayDowngrade })
    Object.assign(this, { updateState: null, updateReason: null, updateWaitsFor: null })
    await this.save()
    await plugin.track(this, 'collector.update_ordered', { name: this.name, version })
  }

  /** Its turn comes when that one has proven the version. */
  async waitFor(first: Collector, version: string) {
    Object.assign(this, { updateWaitsFor: first.id, updateVersion: version })
    await this.save()
    const facts = { name: this.name, version, first: first.name }
    await plugin.track(this, 'collector.update_planned', facts)
  }

  /** Its next request is refused; what it sent stays. */
  async revoke() {
    if (this.revokedAt) return
    this.revokedAt = DateTime.utc()
    await this.save()
    await plugin.track(this, 'collector.revoked', { name: this.name })
  }
}
