import { current } from '#core/current'
import type { KnownMiner, ListedMiner, Namesakes } from '../domain/import_decide.js'

const COLUMNS = `m.id, m.no, m.site_id, m.zone_id, m.customer_id, m.mac, m.serial_number, m.ip,
  m.hostname, m.make, m.model, m.name, m.worker, m.rack, m.shelf, m.position,
  m.nameplate_hashrate_ths, m.nameplate_power_w, m.notes, m.miner_key, m.status,
  m.driver is not null as "isMet"`

/** Ours by MAC, serial number or address; of those that were retired, by what does not change. */
const MATCHES = `
  select ${COLUMNS} from fleet_miners m
  where m.tenant_id = ? and m.status not in ('merged', 'retired')
    and (m.mac = any(?::text[]) or m.serial_number = any(?::text[]) or m.ip = any(?::text[]))
  union all
  select ${COLUMNS} from fleet_miners m
  where m.tenant_id = ? and m.status = 'retired'
    and (m.mac = any(?::text[]) or m.serial_number = any(?::text[]))`

const valuesOf = (rows: readonly ListedMiner[], field: 'mac' | 'serial_number' | 'ip') => [
  ...new Set(rows.flatMap((row) => row[field] ?? [])),
]

/** Who in the books bears the names of these rows. One question for all of them. */
export async function namesakesOf(
  rows: readonly ListedMiner[]
): Promise<(row: ListedMiner) => Namesakes> {
  const [macs, serials, ips] = [
    valuesOf(rows, 'mac'),
    valuesOf(rows, 'serial_number'),
    valuesOf(rows, 'ip'),
  ]
  const tenantId = current.tenantId()
  const { rows: found } = await current
    .get()
    .client.rawQuery(MATCHES, [tenantId, macs, serials, ips, tenantId, macs, serials])
  const miners = found as KnownMiner[]
  const active = miners.filter(({ status }) => status !== 'retired')
  const byIp = new Map(active.map((miner) => [`${miner.site_id} ${miner.ip}`, miner]))
  const byMac = best(miners, 'mac')
  const bySerial = best(miners, 'serial_number')
  return (row) => ({
    byMac: byMac(row.mac, row.site_id),
    bySerial: bySerial(row.serial_number, row.site_id),
    byIp: (row.ip && byIp.get(`${row.site_id} ${row.ip}`)) || null,
  })
}

/** Of several with one name: the one at this site, else any that counts, else a retired one. */
function best(miners: readonly KnownMiner[], field: 'mac' | 'serial_number') {
  const groups = Map.groupBy(miners, (miner) => miner[field])
  return (name: string | undefined, siteId: string): KnownMiner | null => {
    const group = name === undefined ? [] : (groups.get(name) ?? [])
    const counting = group.filter(({ status }) => status !== 'retired')
    const here = counting.find(({ site_id: site }) => site === siteId)
    return here ?? counting[0] ?? group[0] ?? null
  }
}
