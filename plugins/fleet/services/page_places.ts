import { current } from '#core/current'
import { BadInput } from '#core/errors'
import { isId } from '#core/ids'
import type Miner from '../models/miner.js'

export interface Place {
  zoneId: string | null
  rack: string | null
  shelf: number | null
  position: number | null
}

/** Whether this is a zone of that site that is in use. */
export async function isZoneOf(zoneId: string, siteId: string): Promise<boolean> {
  if (!isId(zoneId)) return false
  const row = await current
    .get()
    .client.from('zones')
    .where({ tenant_id: current.tenantId(), id: zoneId, site_id: siteId })
    .whereNull('archived_at')
    .select('id')
    .first()
  return Boolean(row)
}

export async function isCustomer(id: string): Promise<boolean> {
  if (!isId(id)) return false
  const row = await current
    .get()
    .client.from('customers')
    .where({ tenant_id: current.tenantId(), id })
    .select('id')
    .first()
  return Boolean(row)
}

const refuse = (field: string, key: string, args?: Record<string, string | number>) =>
  new BadInput([{ field, key, ...(args ? { args } : {}) }])

/** Refuses a zone of another site, and a position that another miner has. */
export async function checkPlace(miner: Miner, place: Place) {
  const { zoneId, rack, shelf, position } = place
  if (zoneId && zoneId !== miner.zoneId && !(await isZoneOf(zoneId, miner.siteId))) {
    throw refuse('zoneId', 'fleet.fault.zone')
  }
  if (rack === null || position === null) return
  const taken = await current
    .get()
    .client.from('fleet_miners')
    .where({ tenant_id: current.tenantId(), site_id: miner.siteId, rack, position })
    .whereRaw("zone_id is not distinct from nullif(?, '')::uuid", [zoneId ?? ''])
    .whereRaw('coalesce(shelf, -1) = ?', [shelf ?? -1])
    .whereIn('status', ['active', 'maintenance'])
    .whereNot('id', miner.id)
    .select('no')
    .first()
  if (taken) throw refuse('position', 'fleet.fault.taken', { no: taken.no })
}
