import { randomBytes } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { current } from '#core/current'
import { newId } from '#core/ids'
import { asSystem, type TestTenant } from '#tests/helpers'

interface Column {
  name: string
  type: string
  required: boolean
  /** The values that a check constraint allows. */
  allowed: string[] | null
  /** The table of the same tenant that it points at. */
  points_at: string | null
}

interface Table {
  name: string
  columns: Column[]
}

const TABLES = `
  select c.relname as name, json_agg(json_build_object(
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'required', a.attnotnull and not a.atthasdef,
    'allowed', (select array(select m[1] from regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''::text', 'g') m)
      from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
        and pg_get_constraintdef(k.oid) ~ '= ANY' limit 1),
    'points_at', (select r.relname from pg_constraint k join pg_class r on r.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey)
        and cardinality(k.conkey) > 1 and a.attname <> 'tenant_id' limit 1)
  ) order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
    and has_table_privilege('hi_app', c.oid, 'insert')
  group by c.oid, c.relname order by c.oid`

/** What the general rule gets wrong: null leaves the column out. */
const SPECIAL: Record<string, Record<string, unknown>> = {
  memberships: { role: 'operator', customer_id: null },
  invitations: { role: 'operator', customer_id: null },
  sites: { time_zone: 'UTC' },
  calculator_batches: {
    reading: JSON.stringify({ kind: 'csv', delimiter: ',', decimal: '.', heads: [], columns: {} }),
    shared: '{}',
    totals: '{}',
    context: null,
  },
  calculator_batch_faults: { faults: '[]', cells: '[]' },
  fleet_collectors: {
    public_key: 'A'.repeat(43),
    detail_seconds: 300,
    poll_seconds: 30,
    notices: '[]',
  },
  fleet_safety_policies: {
    sleep_above_c: 95,
    samples_in_row: 3,
    most_share_pct: 10,
    wake_below_c: null,
    wake_after_minutes: 30,
  },
  fleet_meters: { poll_seconds: 30 },
  fleet_alarms: { kind: 'pool_changed' },
  fleet_imports: {
    file_hash: 'a'.repeat(64),
    plan_hash: 'b'.repeat(64),
    state: 'draft',
    counts: '{}',
    reading: JSON.stringify({
      ...{ kind: 'csv', delimiter: ',', decimal: '.', hasHead: true },
      ...{ heads: ['mac'], columns: {}, siteId: null },
    }),
  },
  fleet_import_files: { content: Buffer.from('mac\n02:11:11:11:11:01\n') },
  fleet_import_rows: { apply: null, changes: null, faults: null },
  fleet_trusted_pools: { host: 'pool.example' },
  fleet_meter_live: { meter_no: 1 },
  fleet_meter_due: { meter_no: 1 },
  fleet_meter_alarms: { meter_no: 1, code: 'leakage_fault' },
  fleet_telemetry_live: { miner_no: 1, connectivity: 'online' },
}

/** Tables whose rows need a partition first; rows are of tomorrow. */
const PARTITIONED = ['fleet_telemetry_5min', 'fleet_boards_5min', 'fleet_meter_5min']

const TYPED: [RegExp, (marker: string) => unknown][] = [
  [/^citext/, (marker) => `${marker.toLowerCase()}@example.com`],
  [/^text\[\]/, (marker) => [marker]],
  [/^(text|character varying)/, (marker) => marker],
  [/^character\((\d+)\)/, () => 'XX'],
  [/^jsonb?/, (marker) => JSON.stringify({ note: marker })],
  [/^boolean/, () => false],
  [/^(bigint|integer|smallint|numeric|double|real)/, () => 1],
  [/^bytea/, () => randomBytes(32)],
  [/^timestamp/, () => new Date(Date.now() + 86_400_000)],
  [/^date/, () => '2026-01-01'],
  [/^uuid\[\]/, () => null],
  [/^uuid/, () => newId()],
  [/^inet/, () => '192.0.2.1'],
]

export interface Seeded {
  marker: string
  /** Table → the id of its row. */
  ids: Record<string, string>
  /** Table → why no row could be made. */
  failures: Record<string, string>
}

interface Seeding extends Seeded {
  tenantId: string
  userId: string
}

function valueOf(table: string, column: Column, seeding: Seeding): unknown {
  const { name, type, required, allowed, points_at: pointsAt } = column
  const known = { tenant_id: seeding.tenantId, user_id: seeding.userId, ...SPECIAL[table] }
  if (Object.hasOwn(known, name)) return known[name as keyof typeof known]
  if (pointsAt) return seeding.ids[pointsAt]
  if (allowed?.length) return allowed[0]
  const isOptionalFact = !required && /^(timestamp|uuid|date|inet|boolean)/.test(type)
  if (isOptionalFact) return undefined
  return TYPED.find(([pattern]) => pattern.test(type))?.[1](seeding.marker)
}

async function insertRow(client: TransactionClientContract, table: Table, seeding: Seeding) {
  const values = Object.fromEntries(
    table.columns
      .map((column) => [column.name, valueOf(table.name, column, seeding)] as const)
      .filter(([, value]) => value !== undefined && value !== null)
  )
  const point = await client.transaction()
  try {
    await point.table(table.name).insert(values)
    await point.commit()
    seeding.ids[table.name] = String(values.id ?? values.event_id ?? newId())
  } catch (error) {
    await point.rollback()
    seeding.failures[table.name] = (error as Error).message
  }
}

/**
 * One row in every table that a tenant can have rows in, whatever tables there are, with the marker
 * in every column of text. Tables that refuse are named, so that SPECIAL can be taught.
 */
export async function seedEveryTable(tenant: TestTenant, userId: string, marker: string) {
  const seeding: Seeding = { marker, ids: {}, failures: {}, tenantId: tenant.id, userId }
  for (const layer of PARTITIONED) {
    const tomorrow = `select fleet_keep_partition(?, now() + interval '1 day')`
    await db.connection('login').rawQuery(tomorrow, [layer])
  }
  await asSystem(tenant, async () => {
    const { client } = current.get()
    const { rows } = (await client.rawQuery(TABLES)) as { rows: Table[] }
    for (const table of rows) await insertRow(client, table, seeding)
    for (const table of rows.filter(({ name }) => seeding.failures[name])) {
      delete seeding.failures[table.name]
      await insertRow(client, table, seeding)
    }
  })
  return seeding as Seeded
}

/** A fingerprint of every row of the tenant, by table. */
export const fingerprints = (tenant: TestTenant) =>
  asSystem(tenant, async () => {
    const { client } = current.get()
    const { rows } = (await client.rawQuery(TABLES)) as { rows: Table[] }
    const prints: Record<string, string> = {}
    for (const { name } of rows) {
      const answer = await client.rawQuery(
        `select md5(coalesce(string_agg(md5(t::text), '' order by t::text), '')) as print, count(*)::int as rows
         from ${name} t where tenant_id = ?`,
        [tenant.id]
      )
      prints[name] = `${answer.rows[0].rows}:${answer.rows[0].print}`
    }
    return prints
  })
