import db from '@adonisjs/lucid/services/db'
import { textArray } from '#core/bulk'
import { current } from '#core/current'
import { asInstallation } from '#core/installation'
import { BUCKET_MS, maxGapS } from '../domain/bucket.js'
import { inEachTenant, keptHours, readRetention } from './kept_for.js'
import { ensurePartitions, type Layer, lateLock } from './partitions.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Late samples come for seven days; whatever is still due two days later waits for nobody. */
const DUE_DAYS = 9

export interface DroppedPartition {
  layer: Layer
  partition: string
  bytes: number
}

/**
 * Drops partitions whose time is over, whole ones only, and makes those of the next two days. A
 * partition of samples that a roll-up still needs stays. With `isDryRun` it tells what it would drop
 * and changes nothing.
 */
export async function keepPartitions(now: Date, isDryRun = false): Promise<DroppedPartition[]> {
  const kept = await keptHours()
  const dropped: DroppedPartition[] = []
  for (const layer of Object.keys(kept) as Layer[]) {
    const before = new Date(now.getTime() - kept[layer] * HOUR_MS)
    dropped.push(...(await dropPartitions(layer, before, { now, isDryRun })))
    if (!isDryRun) await makeAhead(layer, now)
  }
  return dropped
}

/**
 * The lock waits for everybody who is writing late samples: after it, whatever they wrote is marked
 * due for all to see, and until the partitions are gone nobody writes more.
 */
const dropPartitions = (
  layer: Layer,
  before: Date,
  { now, isDryRun }: { now: Date; isDryRun: boolean }
): Promise<DroppedPartition[]> =>
  asInstallation(async (trx) => {
    await trx.rawQuery(`set local lock_timeout = '5s'`)
    await trx.rawQuery('select pg_advisory_xact_lock(hashtext(?))', [lateLock(layer)])
    const needed = await neededOf(layer, now)
    const { rows } = await trx.rawQuery(
      `select part, bytes::text from fleet_drop_partitions(?, ?, ?, ?::timestamptz[]) order by part`,
      [layer, before, isDryRun, textArray(needed.map((time) => new Date(time).toISOString()))]
    )
    return rows.map(({ part, bytes }: { part: string; bytes: string }) => ({
      layer,
      partition: part,
      bytes: Number(bytes),
    }))
  })

const neededOf = (layer: Layer, now: Date): Promise<number[]> | number[] =>
  layer === 'fleet_telemetry_raw'
    ? neededBy(now)
    : layer === 'fleet_meter_raw'
      ? neededByMeters(now)
      : []

/** Moments whose samples the roll-ups that are due will read, of all tenants. */
async function neededBy(now: Date): Promise<number[]> {
  const due = await inEachTenant(async () => {
    const { rows } = await current.get().client.rawQuery(
      `select distinct d.bucket, c.poll_seconds from fleet_rollup_due d
       join fleet_collectors c on c.tenant_id = d.tenant_id and c.id = d.collector_id
       where d.tenant_id = ? and d.bucket >= ?`,
      [current.tenantId(), new Date(now.getTime() - DUE_DAYS * DAY_MS)]
    )
    return rows as { bucket: Date; poll_seconds: number }[]
  })
  const times = due.flat().flatMap(({ bucket, poll_seconds: pollSeconds }) => {
    const [from, gapMs] = [bucket.getTime(), maxGapS(pollSeconds) * 1000]
    return [from - gapMs, from, from + BUCKET_MS + gapMs]
  })
  return [...new Set(times)]
}

/** The same of meters. */
async function neededByMeters(now: Date): Promise<number[]> {
  const due = await inEachTenant(async () => {
    const { rows } = await current
      .get()
      .client.rawQuery(
        `select distinct bucket from fleet_meter_due where tenant_id = ? and bucket >= ?`,
        [current.tenantId(), new Date(now.getTime() - DUE_DAYS * DAY_MS)]
      )
    return rows as { bucket: Date }[]
  })
  const times = due.flat().flatMap(({ bucket }) => {
    const from = bucket.getTime()
    return [from - BUCKET_MS, from, from + BUCKET_MS]
  })
  return [...new Set(times)]
}

const makeAhead = (layer: Layer, now: Date) =>
  ensurePartitions(
    layer,
    Array.from({ length: 17 }, (_, index) => new Date(now.getTime() + index * 3 * HOUR_MS))
  )

/** A list of miners waits so long for somebody to apply it. What was applied stays, without its file. */
const LIST_DAYS = 7

async function forgetLists(before: Date, isDryRun: boolean): Promise<number> {
  const old = current
    .get()
    .client.from('fleet_imports')
    .where('tenant_id', current.tenantId())
    .whereNot('state', 'applied')
    .where('created_at', '<', before)
  const [found] = isDryRun ? await old.count('* as count') : [{ count: await old.delete() }]
  return Number(found.count)
}

/** Forgets old rows of what is not in partitions, or counts them. Runs inside a tenant. */
export async function forgetRows(now: Date, isDryRun = false): Promise<Record<string, number>> {
  const kept = await readRetention()
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const rows: [table: string, column: string, before: Date | string][] = [
    ['fleet_batches', 'received_at', ago(kept.batchDays)],
    ['fleet_quarantine', 'received_at', ago(kept.quarantineDays)],
    ['fleet_connectivity_changes', 'at', ago(kept.connectivityDays)],
    ['fleet_meter_alarms', 'ended_at', ago(kept.connectivityDays)],
    ['fleet_groups_5min', 'bucket', ago(kept.fiveMinuteDays)],
    ['fleet_import_files', 'created_at', ago(LIST_DAYS)],
    [
      'fleet_telemetry_daily',
      'day',
      ago(kept.dailyYears * 365.25)
        .toISOString()
        .slice(0, 10),
    ],
  ]
  const forgotten: Record<string, number> = {}
  for (const [table, column, before] of rows) {
    const old = current
      .get()
      .client.from(table)
      .where('tenant_id', current.tenantId())
      .where(column, '<', before)
    const [found] = isDryRun ? await old.count('* as count') : [{ count: await old.delete() }]
    forgotten[table] = Number(found.count)
  }
  return { ...forgotten, fleet_imports: await forgetLists(ago(LIST_DAYS), isDryRun) }
}

/** A layer as it lies on the disk, of all tenants together. */
export interface StoredLayer {
  layer: string
  bytes: number
  /** As the planner estimates them; null while it has not looked at all of them. */
  rows: number | null
  partitions: number
}

const LAYERS = [
  'fleet_telemetry_raw',
  'fleet_telemetry_live',
  'fleet_telemetry_5min',
  'fleet_boards_5min',
  'fleet_groups_5min',
  'fleet_telemetry_daily',
  'fleet_meter_raw',
  'fleet_meter_5min',
]

/** What each layer takes. A table in partitions has none of the rows itself, whatever it says of them. */
export async function storedLayers(): Promise<StoredLayer[]> {
  const { rows } = await db.connection('login').rawQuery(
    `select root.relname as layer, count(*) filter (where leaf.oid <> root.oid) as partitions,
       coalesce(sum(pg_total_relation_size(leaf.oid)), 0)::text as bytes,
       case when not bool_or(leaf.relkind = 'r' and leaf.reltuples < 0 and pg_relation_size(leaf.oid) > 0)
         then coalesce(sum(leaf.reltuples) filter (where leaf.relkind = 'r' and leaf.reltuples > 0), 0)::float8
       end as rows
     from pg_class root
     join lateral (
       select c.oid, c.relkind, c.reltuples from pg_class c where c.oid = root.oid
       union all
       select c.oid, c.relkind, c.reltuples from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = root.oid
     ) leaf on true
     where root.relnamespace = 'public'::regnamespace and root.relname = any(?::text[])
     group by root.relname`,
    [LAYERS]
  )
  const found = new Map(rows.map((row: Record<string, unknown>) => [row.layer, row]))
  return LAYERS.map((layer) => {
    const row = found.get(layer) as Record<string, string | null> | undefined
    return {
      layer,
      bytes: Number(row?.bytes ?? 0),
      rows: row?.rows === null ? null : Number(row?.rows ?? 0),
      partitions: Number(row?.partitions ?? 0),
    }
  })
}
