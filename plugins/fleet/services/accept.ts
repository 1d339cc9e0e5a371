import { current } from '#core/current'
import { newId } from '#core/ids'
import type { FoundMiner } from '#edge/protocol/messages'
import { isWithin, parseRange } from '#edge/protocol/ranges'
import plugin from '../plugin.js'
import { adoptListed } from './adopt.js'
import { forgetMiners } from './ingest_miners.js'

/** Which of the staged machines are meant. */
export interface Wanted {
  /** All that are new at this collector. */
  collectorId?: string
  /** These, as far as they wait for somebody to say so. */
  ids?: readonly string[]
}

interface Staged {
  id: string
  site_id: string
  collector_id: string
  miner_key: string
  ip: string
  state: string
  miner_id: string | null
  [field: string]: unknown
}

const COPIED = [
  'miner_key',
  'ip',
  'mac',
  'serial_number',
  'driver',
  'evidence',
  'make',
  'model',
  'firmware_family',
  'firmware_version',
  'hostname',
] as const

/**
 * Makes staged machines ours: new ones get a number, moved ones keep theirs and change their site.
 * Gives how many became ours.
 */
export async function acceptFound(wanted: Wanted): Promise<number> {
  const staged = await stagedRows(wanted)
  const bySite = Map.groupBy(staged, ({ site_id: site }) => site)
  for (const [siteId, rows] of bySite) {
    const moved = rows.filter(({ state, miner_id: id }) => state === 'moved' && id !== null)
    const added = rows.filter(({ miner_id: id }) => id === null)
    for (const row of moved) await moveHere(row)
    const listed = await adoptStaged(siteId, added)
    await addMiners(added.filter(({ miner_key: key }) => !listed.has(key)))
    await settle(rows)
    forgetMiners(current.tenantId(), siteId)
    await tell(siteId, rows.length)
  }
  return staged.length
}

/** Those that a list has named become the miners of the list: key → id. */
async function adoptStaged(siteId: string, rows: readonly Staged[]): Promise<Map<string, string>> {
  const tenantId = current.tenantId()
  const ids = new Map<string, string>()
  for (const [collectorId, own] of Map.groupBy(rows, ({ collector_id: id }) => id)) {
    const found = await adoptListed({ tenantId, siteId, collectorId }, own.map(asFound))
    for (const [key, id] of found) ids.set(key, id)
  }
  for (const { id, miner_key: key } of rows) {
    const minerId = ids.get(key)
    if (!minerId) continue
    const at = { tenant_id: tenantId, id }
    await current.get().client.from('fleet_found').where(at).update({ miner_id: minerId })
  }
  return ids
}

const asFound = (row: Staged) =>
  ({
    miner: row.miner_key,
    ip: row.ip,
    mac: row.mac,
    serial: row.serial_number,
    driver: row.driver,
    evidence: row.evidence,
    make: row.make,
    model: row.model,
    firmwareFamily: row.firmware_family,
    firmwareVersion: row.firmware_version,
    hostname: row.hostname,
  }) as FoundMiner

/** A machine that is gone, ours or ignored waits for nothing. */
const WAITING = ['new', 'moved', 'unknown', 'duplicate']

function stagedRows({ collectorId, ids }: Wanted): PromiseLike<Staged[]> {
  const query = current
    .get()
    .client.from('fleet_found')
    .where('tenant_id', current.tenantId())
    .orderBy('first_seen_at')
    .orderBy('ip')
    .forUpdate()
  if (ids) return query.whereIn('id', [...ids]).whereIn('state', WAITING)
  return query.where({ collector_id: collectorId, state: 'new' })
}

async function addMiners(rows: readonly Staged[]) {
  if (rows.length === 0) return
  const { client } = current.get()
  const tenantId = current.tenantId()
  const first = await takeNumbers(rows.length)
  const zones = await zonesOf(rows)
  const miners = rows.map((row, index) => ({
    tenant_id: tenantId,
    id: newId(),
    no: first + index,
    site_id: row.site_id,
    zone_id: zones(row),
    collector_id: row.collector_id,
    ...Object.fromEntries(COPIED.map((name) => [name, row[name]])),
  }))
  await client.rawQuery(
    `insert into fleet_miners (tenant_id, id, no, site_id, zone_id, collector_id, ${COPIED.join(', ')})
     select tenant_id, id, no, site_id, zone_id, collector_id, ${COPIED.join(', ')}
     from jsonb_populate_recordset(null::fleet_miners, ?::jsonb)`,
    [JSON.stringify(miners)]
  )
  await client.rawQuery(
    `update fleet_found f set miner_id = t.id from jsonb_to_recordset(?::jsonb)
       as t (id uuid, site_id uuid, miner_key text)
     where f.tenant_id = ? and f.site_id = t.site_id and f.miner_key = t.miner_key`,
    [JSON.stringify(miners), tenantId]
  )
}

/** So many miner numbers in a row; the first of them. */
export async function takeNumbers(count: number): Promise<number> {
  const { rows } = await current.get().client.rawQuery(
    `insert into fleet_counters (tenant_id, next_miner_no) values (?, 1 + ?::integer)
     on conflict (tenant_id) do update set next_miner_no = fleet_counters.next_miner_no + ?::integer
     returning next_miner_no`,
    [current.tenantId(), count, count]
  )
  return rows[0].next_miner_no - count
}

/** A machine found in the range of a zone stands in that zone. */
async function zonesOf(rows: readonly Staged[]) {
  const collectors = [...new Set(rows.map(({ collector_id: id }) => id))]
  const ranges = await current
    .get()
    .client.from('fleet_ranges')
    .where('tenant_id', current.tenantId())
    .whereIn('collector_id', collectors)
    .whereNotNull('zone_id')
    .select('collector_id', 'zone_id', 'addresses')
  const spans = ranges.flatMap(({ collector_id: collectorId, zone_id: zoneId, addresses }) => {
    const span = parseRange(addresses)
    return span ? [{ collectorId, zoneId, span }] : []
  })
  return (row: Staged): string | null =>
    spans.find(({ collectorId, span }) => {
      return collectorId === row.collector_id && isWithin(row.ip, [span])
    })?.zoneId ?? null
}

/** The same machine at another site: its number and its past go with it. */
async function moveHere(row: Staged) {
  const { client } = current.get()
  const of = { tenant_id: current.tenantId() }
  const [miner] = await client
    .from('fleet_miners')
    .where({ ...of, id: row.miner_id! })
    .update({
      site_id: row.site_id,
      zone_id: null,
      rack: null,
      shelf: null,
      position: null,
      collector_id: row.collector_id,
      ip: row.ip,
      driver: row.driver,
      evidence: row.evidence,
      updated_at: new Date(),
    })
    .returning(['no'])
  if (!miner) return
  await client
    .from('fleet_telemetry_live')
    .where({ ...of, miner_no: miner.no })
    .update({ site_id: row.site_id })
}

const settle = (rows: readonly Staged[]) =>
  current
    .get()
    .client.from('fleet_found')
    .where('tenant_id', current.tenantId())
    .whereIn(
      'id',
      rows.map(({ id }) => id)
    )
    .update({ state: 'accepted' })

async function tell(siteId: string, count: number) {
  const site = await current
    .get()
    .client.from('sites')
    .where({ tenant_id: current.tenantId(), id: siteId })
    .select('name')
    .first()
  const subject = { id: siteId, type: 'sites' }
  await plugin.track(subject, 'miner.accepted', { count, site: site?.name ?? '' })
}
