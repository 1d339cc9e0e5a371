import { current } from '#core/current'
import type { FoundMiner } from '#edge/protocol/messages'
import plugin from '../plugin.js'
import type { Caller } from './collector_auth.js'
import { forgetMiners } from './ingest_miners.js'

/**
 * Pairs each machine that was found with the listed miner that it is: by MAC, else by serial
 * number, else by address where neither contradicts. Machines that are ours already, that somebody
 * ignored, or that have a twin are nobody else.
 */
const PAIRS = `
  with found as (
    select * from jsonb_to_recordset(?::jsonb) as f (miner text, ip text, mac text, serial text)
    where not exists (select from fleet_miners m where m.tenant_id = ? and m.site_id = ?
        and m.miner_key = f.miner and m.driver is not null
        and m.status not in ('merged', 'retired'))
      and not exists (select from fleet_found o where o.tenant_id = ? and o.site_id = ?
        and o.miner_key = f.miner and o.state = 'ignored')
  ), paired as (
    select f.miner, m.id,
      case when m.mac = f.mac then 1 when m.serial_number = f.serial then 2 else 3 end as rank
    from found f
    join fleet_miners m on m.tenant_id = ? and m.site_id = ? and m.driver is null
      and m.status not in ('merged', 'retired')
      and (m.mac = f.mac
        or (m.serial_number = f.serial and (m.mac is null or f.mac is null))
        or (m.ip = f.ip and (m.mac is null or f.mac is null)
          and (m.serial_number is null or f.serial is null)))
  ), best as (
    select *, row_number() over (partition by miner order by rank, id) as of_machine,
      row_number() over (partition by id order by rank, miner) as of_miner
    from paired
  )
  select miner, id from best where of_machine = 1 and of_miner = 1`

/** What the machine says of itself counts from now on; what it leaves open stays as it was listed. */
const ADOPT = `
  update fleet_miners m set miner_key = t.miner, collector_id = ?, ip = t.ip, driver = t.driver,
    evidence = t.evidence, mac = coalesce(t.mac, m.mac),
    serial_number = coalesce(t.serial, m.serial_number), make = coalesce(t.make, m.make),
    model = coalesce(t.model, m.model), hostname = coalesce(t.hostname, m.hostname),
    firmware_family = t."firmwareFamily", firmware_version = t."firmwareVersion", updated_at = now()
  from jsonb_to_recordset(?::jsonb) as t (id uuid, miner text, ip text, driver text, evidence text,
    mac text, serial text, make text, model text, hostname text, "firmwareFamily" text,
    "firmwareVersion" text)
  where m.tenant_id = ? and m.id = t.id`

interface Pair {
  miner: string
  id: string
}

/**
 * A found machine that a list had named becomes that miner: its number, place and customer stay.
 * Gives which became which: key → id.
 */
export async function adoptListed(
  { tenantId, siteId, collectorId }: Pick<Caller, 'tenantId' | 'siteId' | 'collectorId'>,
  machines: readonly FoundMiner[]
): Promise<Map<string, string>> {
  if (machines.length === 0) return new Map()
  const { client } = current.get()
  const { rows } = await client.rawQuery(PAIRS, [
    JSON.stringify(machines),
    ...[tenantId, siteId, tenantId, siteId, tenantId, siteId],
  ])
  const ids = new Map<string, string>(rows.map((row: Pair) => [row.miner, row.id]))
  if (ids.size === 0) return ids
  const adopted = machines.flatMap((machine) => {
    const id = ids.get(machine.miner)
    return id ? [{ ...machine, id }] : []
  })
  await client.rawQuery(ADOPT, [collectorId, JSON.stringify(adopted), tenantId])
  await plugin.track({ id: siteId, type: 'sites' }, 'list.met', { count: adopted.length })
  forgetMiners(tenantId, siteId)
  return ids
}
