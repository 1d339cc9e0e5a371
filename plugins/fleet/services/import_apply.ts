import { DateTime } from 'luxon'
import { current } from '#core/current'
import type MinerImport from '../models/miner_import.js'
import plugin from '../plugin.js'
import { takeNumbers } from './accept.js'
import { planImport } from './import_check.js'
import { E_IMPORT_MOVED, E_IMPORT_STATE } from './import_errors.js'
import { forgetMiners } from './ingest_miners.js'

const TYPES = {
  miner_key: 'text',
  zone_id: 'uuid',
  customer_id: 'uuid',
  mac: 'text',
  serial_number: 'text',
  ip: 'text',
  hostname: 'text',
  make: 'text',
  model: 'text',
  name: 'text',
  worker: 'text',
  rack: 'text',
  shelf: 'integer',
  position: 'integer',
  nameplate_hashrate_ths: 'double precision',
  nameplate_power_w: 'double precision',
  notes: 'text',
} as const

const NAMES = Object.keys(TYPES).join(', ')
const TYPED = Object.entries(TYPES)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ')
const SET = Object.keys(TYPES)
  .map((name) => `${name} = coalesce(t.${name}, m.${name})`)
  .join(', ')

const INSERT = `
  insert into fleet_miners (tenant_id, id, no, site_id, imported_at, ${NAMES})
  select r.tenant_id, r.miner_id, ?::integer + (row_number() over (order by r.line))::integer - 1,
    t.site_id, now(), ${NAMES}
  from fleet_import_rows r, jsonb_to_record(r.apply) as t (site_id uuid, ${TYPED})
  where r.tenant_id = ? and r.import_id = ? and r.outcome = 'new'`

const UPDATE = `
  update fleet_miners m set ${SET}, updated_at = now()
  from fleet_import_rows r, jsonb_to_record(r.apply) as t (${TYPED})
  where r.tenant_id = ? and r.import_id = ? and r.outcome = 'changed'
    and m.tenant_id = r.tenant_id and m.id = r.miner_id`

/** Telemetry is shown by customer, too. */
const FOLLOW = `
  update fleet_telemetry_live l set customer_id = m.customer_id
  from fleet_miners m
  where l.tenant_id = ? and m.tenant_id = l.tenant_id and m.no = l.miner_no
    and l.customer_id is distinct from m.customer_id`

const NUMBER = `
  update fleet_import_rows r set miner_no = m.no from fleet_miners m
  where r.tenant_id = ? and r.import_id = ? and r.outcome = 'new'
    and m.tenant_id = r.tenant_id and m.id = r.miner_id`

/** One list at a time in a tenant: two that name the same machine must see each other. */
const ALONE = `select pg_advisory_xact_lock(hashtextextended('fleet.import:' || ?, 0))`

/** Whether somebody else took the same identity in between. */
const isTaken = (error: unknown) =>
  (error as { constraint?: string }).constraint === 'fleet_miners_key'

/**
 * Writes what was checked, all of it or nothing. The file is read and compared with the fleet once
 * more: where that comes out otherwise than the person saw it, nothing is written and the list
 * waits, checked anew. Gives whether it was written.
 */
export async function applyImport(list: MinerImport, plan: string): Promise<boolean> {
  if (list.state !== 'checked') throw new E_IMPORT_STATE()
  const { client } = current.get()
  await client.rawQuery(ALONE, [list.tenantId])
  await planImport(list)
  if (list.planHash !== plan) {
    await list.save()
    return false
  }
  await write(list)
  list.state = 'applied'
  list.appliedAt = DateTime.utc()
  await list.save()
  await plugin.track(list, 'list.imported', factsOf(list))
  return true
}

async function write(list: MinerImport) {
  const { client } = current.get()
  const of = [list.tenantId, list.id]
  const added = list.counts.new ?? 0
  try {
    if (added > 0) await client.rawQuery(INSERT, [await takeNumbers(added), ...of])
    await client.rawQuery(UPDATE, of)
  } catch (error) {
    throw isTaken(error) ? new E_IMPORT_MOVED() : error
  }
  await client.rawQuery(NUMBER, of)
  await client.rawQuery(FOLLOW, [list.tenantId])
  await letIngestAsk(list)
}

async function letIngestAsk({ tenantId, rowsKey }: MinerImport) {
  const sites = await current
    .get()
    .client.from('fleet_miners as m')
    .join('fleet_import_rows as r', (join) =>
      join.on('r.tenant_id', 'm.tenant_id').on('r.miner_id', 'm.id')
    )
    .where({ 'r.tenant_id': rowsKey.tenant_id, 'r.import_id': rowsKey.import_id })
    .distinct('m.site_id')
  current.afterCommit(() => {
    for (const { site_id: siteId } of sites) forgetMiners(tenantId, siteId)
  })
}

/** What the audit log keeps of it: the file by its hash, and how many of what. */
export const factsOf = ({ name, fileHash, counts }: MinerImport) => ({
  name,
  sha256: fileHash,
  added: counts.new ?? 0,
  changed: counts.changed ?? 0,
  same: counts.same ?? 0,
  conflicts: counts.conflict ?? 0,
  bad: counts.bad ?? 0,
})
