import { current } from '#core/current'
import { isOlder, type UpdateOrder, type UpdateReport } from '#edge/protocol/updates'
import Collector from '../models/collector.js'
import plugin from '../plugin.js'
import { clearAlarms, raiseAlarm } from './alarms.js'
import type { Caller } from './collector_auth.js'
import { collectorPackage } from './collector_package.js'

/** What its signed config says; null: no order, or one for a version that this portal has no more. */
export async function updateOrderOf(collector: Collector): Promise<UpdateOrder | null> {
  const { updateRequest: request, updateVersion, updateWaitsFor, updateDowngrade } = collector
  if (request === 0 || updateWaitsFor !== null) return null
  const { version, sha256 } = await collectorPackage()
  return version === updateVersion
    ? { request, version, sha256, mayDowngrade: updateDowngrade }
    : null
}

/** Orders the version that this portal packs. Going back to an older one is part of the order. */
export async function orderUpdate(collector: Collector) {
  const { version } = await collectorPackage()
  await collector.orderVersion(version, isBack(version, collector))
  return version
}

/** One first; when it has proven the version, those that wait for it follow. */
export async function rollOut(first: Collector) {
  const version = await orderUpdate(first)
  const all: Collector[] = await Collector.query().whereNull('revoked_at').whereNot('id', first.id)
  const rest = all.filter((one) => one.version !== version)
  for (const one of rest) await one.waitFor(first, version)
  return { version, waiting: rest.length }
}

export const isBack = (version: string, collector: Collector) =>
  collector.version !== null && isOlder(version, collector.version)

/** What a collector says became of its order. Said again, it changes nothing. */
export async function hearUpdate(caller: Caller, update: UpdateReport) {
  const collector = await Collector.named(caller.collectorId)
  const { state, reason, request } = update
  if (request !== collector.updateRequest) return
  const isNews = collector.updateState !== state
  if (!isNews && collector.updateReason === reason) return
  Object.assign(collector, { updateState: state, updateReason: reason })
  await collector.save()
  if (!isNews) return
  if (state === 'good') await proven(caller, collector, update)
  if (state === 'failed') await failed(caller, collector, update)
}

const waitingFor = (collector: Collector): Promise<Collector[]> =>
  Collector.query().where('update_waits_for', collector.id) as unknown as Promise<Collector[]>

async function proven({ collectorId }: Caller, collector: Collector, { version }: UpdateReport) {
  await clearAlarms({ kind: 'update_failed', collector_id: collectorId })
  await plugin.track(collector, 'collector.updated', { name: collector.name, version })
  for (const next of await waitingFor(collector)) {
    await next.orderVersion(version, isBack(version, next))
  }
}

/** Nobody else gets what failed at the first one. */
async function failed(caller: Caller, collector: Collector, { version, reason }: UpdateReport) {
  const facts = { name: collector.name, version, reason: reason ?? '' }
  await plugin.track(collector, 'collector.update_failed', facts)
  const { siteId, collectorId } = caller
  await raiseAlarm({ siteId, kind: 'update_failed', collectorId, facts: { version, reason } })
  await current
    .get()
    .client.from('fleet_collectors')
    .where({ tenant_id: current.tenantId(), update_waits_for: collector.id })
    .update({ update_waits_for: null })
}
