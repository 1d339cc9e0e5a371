import { current } from '#core/current'
import { newId } from '#core/ids'
import { tellLive } from '#core/live'
import plugin from '../plugin.js'

/** What somebody should look at; the list is on the pages, the event reaches rules. */
export interface Alarm {
  siteId: string
  /** `batch_conflict`, `pool_changed`: a text `fleet.alarm.<kind>` says what it means. */
  kind: string
  collectorId?: string
  minerId?: string
  /** A device of the site, and what it says that is wrong. */
  meterId?: string
  code?: string
  facts?: Record<string, string | number | null>
}

/** Raises an alarm, unless the same one is still open. */
export async function raiseAlarm({ siteId, kind, facts = {}, ...of }: Alarm) {
  const { client } = current.get()
  const what = {
    tenant_id: current.tenantId(),
    site_id: siteId,
    kind,
    collector_id: of.collectorId ?? null,
    miner_id: of.minerId ?? null,
    meter_id: of.meterId ?? null,
    code: of.code ?? null,
  }
  const open = await client
    .from('fleet_alarms')
    .where(what)
    .whereNull('cleared_at')
    .select('id')
    .first()
  if (open) return
  const id = newId()
  await client.table('fleet_alarms').insert({ ...what, id, facts: JSON.stringify(facts) })
  tellLive('fleet.miner.view', siteId)
  await plugin.track({ id, type: 'fleet_alarms' }, 'alarm.raised', { kind, ...facts })
}

/** Somebody has looked at it. False when there is no such open alarm. */
export async function clearAlarm(id: string): Promise<boolean> {
  const { client, userId } = current.get()
  const [row] = await client
    .from('fleet_alarms')
    .where({ tenant_id: current.tenantId(), id })
    .whereNull('cleared_at')
    .update({ cleared_at: new Date(), cleared_by: userId })
    .returning(['kind', 'site_id'])
  if (!row) return false
  tellLive('fleet.miner.view', row.site_id)
  await plugin.track({ id, type: 'fleet_alarms' }, 'alarm.cleared', { kind: row.kind })
  return true
}

interface Over {
  kind: string
  collector_id?: string
  meter_id?: string
  code?: string
}

/** What was wrong with a collector or a device is over by itself. */
export async function clearAlarms(what: Over) {
  const open = await current
    .get()
    .client.from('fleet_alarms')
    .where({ tenant_id: current.tenantId(), ...what })
    .whereNull('cleared_at')
    .select('id')
  for (const { id } of open) await clearAlarm(id)
}
