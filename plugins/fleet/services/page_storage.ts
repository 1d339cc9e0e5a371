import { current } from '#core/current'
import { keptHours, readRetention } from './kept_for.js'
import { storedLayers } from './retention.js'

/** A layer of telemetry as the storage page shows it. */
export interface LayerRow {
  layer: string
  rows: number | null
  bytes: number
  parts: number
  /** Where the oldest part begins; only layers in parts tell it without reading them whole. */
  oldestAt: Date | null
  newestAt: Date | null
  keepDays: number | null
}

/** Days that layers are kept: those in parts as long as any tenant wants, the others as this one does. */
async function keptDays(): Promise<Record<string, number>> {
  const own = await readRetention()
  const parts = Object.entries(await keptHours()).map(([layer, hours]) => [layer, hours / 24])
  return {
    ...Object.fromEntries(parts),
    fleet_groups_5min: own.fiveMinuteDays,
    fleet_telemetry_daily: Math.round(own.dailyYears * 365.25),
  }
}

const OLDEST = `
  select p.relname as layer,
    min((regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''([^'']+)''\\)'))[1]::timestamptz) as at
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid and c.reltuples > 0
  join pg_class p on p.oid = i.inhparent and p.relname like 'fleet%'
  group by 1`

const NEWEST = `
  select 'fleet_telemetry_live' as layer, max(at) as at from fleet_telemetry_live where tenant_id = ?
  union all
  select 'fleet_groups_5min', max(bucket) from fleet_groups_5min where tenant_id = ?`

type Times = Map<string, Date | null>

const timesIn = (rows: { layer: string; at: Date | null }[]): Times =>
  new Map(rows.map(({ layer, at }) => [layer, at]))

/** What each layer holds. Sizes are those of the installation, the newest sample is the tenant's own. */
export async function storageLayers(): Promise<LayerRow[]> {
  const { client } = current.get()
  const tenantId = current.tenantId()
  const oldest = timesIn((await client.rawQuery(OLDEST)).rows)
  const newest = timesIn((await client.rawQuery(NEWEST, [tenantId, tenantId])).rows)
  const kept = await keptDays()
  return (await storedLayers()).map(({ layer, rows, bytes, partitions }) => ({
    layer,
    rows,
    bytes,
    parts: partitions,
    oldestAt: oldest.get(layer) ?? null,
    newestAt: newest.get(layer) ?? null,
    keepDays: kept[layer] ?? null,
  }))
}
