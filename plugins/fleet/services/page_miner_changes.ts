import { current } from '#core/current'
import { BadInput } from '#core/errors'
import type { Changes } from '#core/events'
import Collector from '../models/collector.js'
import type Miner from '../models/miner.js'
import plugin from '../plugin.js'
import { forgetMiners } from './ingest_miners.js'

/** What people decide about a miner; the rest it says itself. */
export interface MinerChoices {
  name: string | null
  zoneId: string | null
  customerId: string | null
  rack: string | null
  shelf: number | null
  position: number | null
  notes: string | null
  status: 'active' | 'maintenance'
}

const NAMED = { zoneId: 'zones', customerId: 'customers' } as const

/** Ids as the names that people know, so that the log of a miner can be read. */
async function nameOf(table: string, id: unknown): Promise<string | null> {
  if (!id) return null
  const row = await current
    .get()
    .client.from(table)
    .where({ tenant_id: current.tenantId(), id: id as string })
    .select('name')
    .first()
  return row?.name ?? null
}

async function readable(miner: Miner): Promise<Changes> {
  const changes: Changes = {}
  for (const key of Object.keys(miner.$dirty)) {
    const [before, after] = [miner.$original[key] ?? null, miner.$dirty[key] ?? null]
    const table = NAMED[key as keyof typeof NAMED]
    if (before === after || key === 'updatedAt') continue
    if (!table) changes[key] = [before, after]
    else changes[key.replace('Id', '')] = [await nameOf(table, before), await nameOf(table, after)]
  }
  return changes
}

/** Puts the choices into the miner, tells it, and lets ingest and lists know. False: nothing changed. */
export async function changeMiner(miner: Miner, choices: Partial<MinerChoices>): Promise<boolean> {
  miner.merge(choices)
  const changes = await readable(miner)
  if (Object.keys(changes).length === 0) return false
  const isOtherCustomer = 'customer' in changes
  await miner.save()
  if (isOtherCustomer) await ofLive(miner).update({ customer_id: miner.customerId })
  forget(miner)
  await plugin.track(miner, 'miner.changed', miner.facts, changes)
  return true
}

const ofLive = (miner: Miner) => current.get().client.from('fleet_telemetry_live').where(miner.key)

/** Ingest remembers miners for some seconds; after the commit it asks again. */
function forget({ siteId }: Miner) {
  const tenantId = current.tenantId()
  current.afterCommit(() => void forgetMiners(tenantId, siteId))
}

/** Nobody reads the machine any more, and no scan brings it back by itself. */
async function putAside(miner: Miner, state: 'ignored' | 'accepted') {
  await current
    .get()
    .client.from('fleet_found')
    .where({
      tenant_id: current.tenantId(),
      site_id: miner.siteId,
      miner_key: miner.minerKey,
    })
    .update({ state })
  if (miner.collectorId) await Collector.renewConfig(miner.collectorId)
  forget(miner)
}

/** It leaves lists and totals; its past stays. */
export async function retireMiner(miner: Miner, reason: string | null) {
  if (!miner.isOurs) return false
  const before = miner.status
  miner.status = 'retired'
  await miner.save()
  await ofLive(miner).delete()
  await putAside(miner, 'ignored')
  await plugin.track(miner, 'miner.retired', miner.facts, {
    status: [before, 'retired'],
    ...(reason ? { reason: [null, reason] } : {}),
  })
  return true
}

/** It counts again, from its next sample on. */
export async function restoreMiner(miner: Miner) {
  if (miner.status !== 'retired') return false
  miner.status = 'active'
  await miner.save()
  await putAside(miner, 'accepted')
  await plugin.track(miner, 'miner.restored', miner.facts, { status: ['retired', 'active'] })
  return true
}

const refuse = (field: string, key: string) => new BadInput([{ field, key }])

function checkPair(miner: Miner, other: Miner) {
  if (other.id === miner.id) throw refuse('other', 'fleet.fault.same_miner')
  if (other.siteId !== miner.siteId) throw refuse('other', 'fleet.fault.other_site')
  if (!other.isOurs || !miner.isOurs) throw refuse('other', 'fleet.fault.not_active')
}

/** Two entries turned out to be one machine: this one ends, the other goes on. */
export async function mergeMiner(miner: Miner, other: Miner) {
  checkPair(miner, other)
  miner.merge({ status: 'merged', mergedInto: other.id })
  await miner.save()
  await ofLive(miner).delete()
  if (miner.minerKey !== other.minerKey) await putAside(miner, 'ignored')
  await plugin.track(miner, 'miner.merged', { ...miner.facts, other: other.no })
  await plugin.track(other, 'miner.merged', { ...other.facts, other: miner.no })
}

const PLACE = ['zoneId', 'rack', 'shelf', 'position', 'customerId', 'name'] as const

/** Another machine takes its place, its name and its customer; this one retires. */
export async function replaceMiner(miner: Miner, other: Miner) {
  checkPair(miner, other)
  const place = Object.fromEntries(PLACE.map((key) => [key, miner[key]])) as Partial<MinerChoices>
  await changeMiner(miner, { rack: null, shelf: null, position: null, name: null })
  await changeMiner(other, place)
  await plugin.track(miner, 'miner.replaced', { ...miner.facts, other: other.no })
  await plugin.track(other, 'miner.replaced', { ...other.facts, other: miner.no })
  await retireMiner(miner, null)
}
