import { plainArray } from '#core/bulk'
import { current } from '#core/current'
import { type BucketAggregate, type RawSample, type Spread } from '../domain/aggregate_bucket.js'
import { OUTCOME_CODES } from './codes.js'

/** What five minutes of one miner came to. */
export interface MinerBucket extends BucketAggregate {
  minerNo: number
}

type Plain = number | null
const part = (spread: Spread | null, name: keyof Spread): Plain => spread?.[name] ?? null

/** Columns of the roll-ups: name, type, where it comes from. */
export const AGGREGATE_COLUMNS: readonly [
  name: string,
  type: string,
  of: (row: BucketAggregate) => Plain,
][] = [
  ['samples', 'integer', (row) => row.samples],
  ['seconds_covered', 'integer', (row) => row.secondsCovered],
  ['seconds_online', 'integer', (row) => row.secondsOnline],
  ['seconds_mining', 'integer', (row) => row.secondsMining],
  ['hashrate_avg_ths', 'real', (row) => part(row.hashrateThs, 'avg')],
  ['hashrate_min_ths', 'real', (row) => part(row.hashrateThs, 'min')],
  ['hashrate_max_ths', 'real', (row) => part(row.hashrateThs, 'max')],
  ['expected_avg_ths', 'real', (row) => part(row.expectedThs, 'avg')],
  ['temp_avg_c', 'real', (row) => part(row.tempMaxC, 'avg')],
  ['temp_min_c', 'real', (row) => part(row.tempMaxC, 'min')],
  ['temp_max_c', 'real', (row) => part(row.tempMaxC, 'max')],
  ['inlet_avg_c', 'real', (row) => part(row.tempInletC, 'avg')],
  ['power_avg_w', 'real', (row) => part(row.powerW, 'avg')],
  ['power_min_w', 'real', (row) => part(row.powerW, 'min')],
  ['power_max_w', 'real', (row) => part(row.powerW, 'max')],
  ['power_source', 'smallint', (row) => row.powerSource],
  ['fan_min_rpm', 'real', (row) => row.fanMinRpm],
  ['fan_max_rpm', 'real', (row) => row.fanMaxRpm],
  ['shares_accepted', 'bigint', (row) => row.sharesAccepted],
  ['shares_rejected', 'bigint', (row) => row.sharesRejected],
  ['shares_stale', 'bigint', (row) => row.sharesStale],
  ['hardware_errors', 'bigint', (row) => row.hardwareErrors],
  ['restarts', 'smallint', (row) => row.restarts],
  ['energy_wh', 'double precision', (row) => row.energyWh],
]

const NAMES = AGGREGATE_COLUMNS.map(([name]) => name)

/**
 * What the raw layer no longer holds cannot be rolled up anew: then the row that covers more stays.
 * `is_whole`: the raw layer still holds all of it.
 */
const UPSERT = `
  insert into fleet_telemetry_5min as f (tenant_id, bucket, miner_no, ${NAMES.join(', ')})
  select ?::uuid, ?::timestamptz, * from unnest(?::integer[], ${AGGREGATE_COLUMNS.map(([, type]) => `?::${type}[]`).join(', ')})
  on conflict (tenant_id, miner_no, bucket) do update set
    ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}
  where ?::boolean or excluded.seconds_covered > f.seconds_covered`

/** Writes five minutes of these miners. */
export async function writeBuckets(bucket: Date, rows: readonly MinerBucket[], isWhole: boolean) {
  if (rows.length === 0) return
  await current
    .get()
    .client.rawQuery(UPSERT, [
      current.tenantId(),
      bucket,
      plainArray(rows.map(({ minerNo }) => minerNo)),
      ...AGGREGATE_COLUMNS.map(([, , of]) => plainArray(rows.map(of))),
      isWhole,
    ])
}

const ANSWERED = [OUTCOME_CODES.ok, OUTCOME_CODES.partial]

/** Raw samples of a collector's miners in a span, in order of miner and time. */
export async function readRaw(collectorId: string, from: Date, to: Date) {
  const { rows } = await current.get().client.rawQuery(
    `select miner_no, extract(epoch from at)::double precision as t, outcome, is_mining, uptime_s,
       hashrate_ths, expected_hashrate_ths, wattage_w, wattage_source, temp_max_c, temp_inlet_c,
       fan_min_rpm, fan_max_rpm, shares_accepted, shares_rejected, shares_stale, hardware_errors
     from fleet_telemetry_raw
     where tenant_id = ? and at >= ? and at < ?
       and miner_no in (select no from fleet_miners where tenant_id = ? and collector_id = ?)
     order by miner_no, at`,
    [current.tenantId(), from, to, current.tenantId(), collectorId]
  )
  return Map.groupBy(rows as RawRow[], (row) => row.miner_no)
}

interface RawRow extends Record<string, number | string | boolean | null> {
  miner_no: number
  t: number
  outcome: number
}

/** bigint columns come as text: they are counters far below 2^53. */
const whole = (value: unknown): Plain => (value === null ? null : Number(value))

/** A row of the raw layer as the domain knows it. */
export const sampleOfRow = (row: RawRow): RawSample => ({
  t: row.t,
  isAnswered: ANSWERED.includes(row.outcome),
  isMining: row.is_mining as boolean | null,
  uptimeS: whole(row.uptime_s),
  hashrateThs: row.hashrate_ths as Plain,
  expectedThs: row.expected_hashrate_ths as Plain,
  powerW: row.wattage_w as Plain,
  powerSource: row.wattage_source as Plain,
  tempMaxC: row.temp_max_c as Plain,
  tempInletC: row.temp_inlet_c as Plain,
  fanMinRpm: row.fan_min_rpm as Plain,
  fanMaxRpm: row.fan_max_rpm as Plain,
  sharesAccepted: whole(row.shares_accepted),
  sharesRejected: whole(row.shares_rejected),
  sharesStale: whole(row.shares_stale),
  hardwareErrors: whole(row.hardware_errors),
})
