import { current } from '#core/current'
import { plainArray } from '#core/bulk'
import { ageSeconds } from '#core/time'
import { BUCKET_S } from '../domain/bucket.js'
import { readRetention } from './kept_for.js'
import { type Retention, retentionDefaults } from '../retention_settings.js'

export interface Span {
  from: Date
  to: Date
}

/** One moment of a line; null: not known then. */
export interface HistoryPoint {
  at: Date
  hashrateThs: number | null
  expectedThs: number | null
  powerW: number | null
  tempMaxC: number | null
  energyWh: number | null
  /** How many miners this is the sum of. */
  miners: number
}

export const HISTORY_LAYERS = ['raw', '5min', 'daily'] as const
export type HistoryLayer = (typeof HISTORY_LAYERS)[number]

export interface HistoryMeta {
  layer: HistoryLayer
  resolutionSeconds: number
  /** Share of the asked time that samples cover, 0 to 1; null where the layer does not tell. */
  coverage: number | null
  newestAt: Date | null
  ageSeconds: number | null
  units: Record<string, string>
}

export interface History {
  /** Points by number of a miner, or by name of a group. */
  lines: Map<string, HistoryPoint[]>
  meta: HistoryMeta
}

const UNITS = {
  hashrateThs: 'TH/s',
  expectedThs: 'TH/s',
  powerW: 'W',
  tempMaxC: '°C',
  energyWh: 'Wh',
}
const HOUR_S = 3600
const MOST_POINTS = 400
const DAY_S = 24 * HOUR_S

/** The finest layer that still has the span and does not draw more points than anybody sees. */
export function layerFor(
  { from, to }: Span,
  now: Date,
  kept: Retention = retentionDefaults
): HistoryLayer {
  const spanS = (to.getTime() - from.getTime()) / 1000
  const ageS = (now.getTime() - from.getTime()) / 1000
  if (spanS <= 6 * HOUR_S && ageS <= kept.rawHours * HOUR_S) return 'raw'
  return spanS <= 60 * DAY_S && ageS <= kept.fiveMinuteDays * DAY_S ? '5min' : 'daily'
}

/** Seconds of one point: whole steps of the layer, so many that the line stays readable. */
function stepFor(layer: HistoryLayer, { from, to }: Span): number {
  const own = { 'raw': 60, '5min': BUCKET_S, 'daily': DAY_S }[layer]
  const spanS = (to.getTime() - from.getTime()) / 1000
  return own * Math.max(1, Math.ceil(spanS / own / MOST_POINTS))
}

interface Row {
  line: string
  at: Date
  hashrate_ths: number | null
  expected_ths: number | null
  power_w: number | null
  temp_max_c: number | null
  energy_wh: number | null
  miners: number
  covered_s: number | null
}

const MINER_SQL: Record<HistoryLayer, string> = {
  // A poll covers the time until the next one, unless that is too far: as in the roll-up.
  'raw': `
    with step as (select make_interval(secs => ?) as size),
    r as materialized (
      select *, extract(epoch from lead(at) over (partition by miner_no order by at) - at) as next_s
      from fleet_telemetry_raw
      where tenant_id = ? and miner_no = any(?::integer[]) and at >= ? and at < ?
    )
    select r.miner_no::text as line, date_bin((select size from step), r.at, 'epoch') as at,
      avg(r.hashrate_ths)::float8 as hashrate_ths, avg(r.expected_hashrate_ths)::float8 as expected_ths,
      avg(r.wattage_w)::float8 as power_w, max(r.temp_max_c)::float8 as temp_max_c,
      null::float8 as energy_wh, 1 as miners,
      coalesce(sum(r.next_s) filter (where r.next_s <= greatest(120, 3 * c.poll_seconds)), 0)::float8 as covered_s
    from r
    join fleet_miners m on m.tenant_id = r.tenant_id and m.no = r.miner_no
    join fleet_collectors c on c.tenant_id = m.tenant_id and c.id = m.collector_id
    group by 1, 2 order by 1, 2`,
  '5min': `
    select miner_no::text as line, date_bin(make_interval(secs => ?), bucket, 'epoch') as at,
      avg(hashrate_avg_ths)::float8 as hashrate_ths, avg(expected_avg_ths)::float8 as expected_ths,
      avg(power_avg_w)::float8 as power_w, max(temp_max_c)::float8 as temp_max_c,
      sum(energy_wh) as energy_wh, 1 as miners, sum(seconds_covered)::float8 as covered_s
    from fleet_telemetry_5min
    where tenant_id = ? and miner_no = any(?::integer[]) and bucket >= ? and bucket < ? group by 1, 2 order by 1, 2`,
  'daily': `
    select miner_no::text as line, date_bin(make_interval(secs => ?), day::timestamptz, 'epoch') as at,
      avg(hashrate_avg_ths)::float8 as hashrate_ths, avg(expected_avg_ths)::float8 as expected_ths,
      avg(power_avg_w)::float8 as power_w, max(temp_max_c)::float8 as temp_max_c,
      sum(energy_wh) as energy_wh, 1 as miners, sum(seconds_covered)::float8 as covered_s
    from fleet_telemetry_daily
    where tenant_id = ? and miner_no = any(?::integer[]) and day >= ?::timestamptz::date and day < ?::timestamptz::date + 1
    group by 1, 2 order by 1, 2`,
}

/** What these miners did over a span, in a resolution that fits it. */
export async function historyOf(
  minerNos: readonly number[],
  span: Span,
  now = new Date()
): Promise<History> {
  const layer = layerFor(span, now, await readRetention())
  const step = stepFor(layer, span)
  const { rows } = await current
    .get()
    .client.rawQuery(MINER_SQL[layer], [
      step,
      current.tenantId(),
      plainArray(minerNos),
      span.from,
      span.to,
    ])
  return historyFrom(rows, { layer, step, span, now, lines: minerNos.length })
}

export const GROUPS = ['all', 'site', 'zone', 'customer', 'model'] as const
export type GroupName = (typeof GROUPS)[number]

const GROUP_COLUMNS: Record<GroupName, string> = {
  all: `'all'`,
  site: 'site_id::text',
  zone: 'zone',
  customer: 'customer',
  model: 'model',
}

/**
 * What parts of the fleet did, from the sums of five minutes: never from samples. Each point is the
 * mean over its step of the sum over the miners; a step that lacks some minutes is of those it has.
 */
export async function groupHistory(by: GroupName, span: Span, now = new Date()): Promise<History> {
  const step = stepFor('5min', span)
  const { rows } = await current.get().client.rawQuery(
    `with sums as (
       select ${GROUP_COLUMNS[by]} as line, bucket, sum(hashrate_ths) as hashrate_ths,
         sum(expected_ths) as expected_ths, sum(power_w) as power_w, max(temp_max_c) as temp_max_c,
         sum(energy_wh) as energy_wh, sum(miners) as miners, sum(seconds_covered) as covered_s
       from fleet_groups_5min where tenant_id = ? and bucket >= ? and bucket < ? group by 1, 2
     )
     select line, date_bin(make_interval(secs => ?), bucket, 'epoch') as at,
       avg(hashrate_ths)::float8 as hashrate_ths, avg(expected_ths)::float8 as expected_ths,
       avg(power_w)::float8 as power_w, max(temp_max_c)::float8 as temp_max_c,
       sum(energy_wh)::float8 as energy_wh, max(miners)::integer as miners,
       (sum(covered_s) / nullif(max(miners), 0))::float8 as covered_s
     from sums group by 1, 2 order by 1, 2`,
    [current.tenantId(), span.from, span.to, step]
  )
  const lines = new Set(rows.map(({ line }: Row) => line)).size
  return historyFrom(rows, { layer: '5min', step, span, now, lines })
}

interface Frame {
  layer: HistoryLayer
  step: number
  span: Span
  now: Date
  lines: number
}

function historyFrom(rows: readonly Row[], { layer, step, span, now, lines }: Frame): History {
  const points = Map.groupBy(rows, ({ line }) => line)
  const newest = rows.reduce((latest, { at }) => Math.max(latest, at.getTime()), 0)
  const newestAt = newest > 0 ? new Date(newest) : null
  return {
    lines: new Map([...points].map(([line, list]) => [line, list.map(pointOf)])),
    meta: {
      layer,
      resolutionSeconds: step,
      coverage: coverageOf(rows, span, { lines, now }),
      newestAt,
      ageSeconds: newestAt && ageSeconds(newestAt, now),
      units: UNITS,
    },
  }
}

const pointOf = (row: Row): HistoryPoint => ({
  at: row.at,
  hashrateThs: row.hashrate_ths,
  expectedThs: row.expected_ths,
  powerW: row.power_w,
  tempMaxC: row.temp_max_c,
  energyWh: row.energy_wh,
  miners: row.miners,
})

/** Covered seconds of what has passed of the span. */
function coverageOf(
  rows: readonly Row[],
  { from, to }: Span,
  { lines, now }: { lines: number; now: Date }
): number | null {
  if (rows.some(({ covered_s: covered }) => covered === null)) return null
  const passedS = (Math.min(to.getTime(), now.getTime()) - from.getTime()) / 1000
  if (passedS <= 0 || lines === 0) return null
  const covered = rows.reduce((sum, row) => sum + row.covered_s!, 0)
  return Math.min(1, covered / (passedS * lines))
}
