import { insertSamples, plainArray, textArray } from '#core/bulk'
import type { Sample } from '#edge/protocol/sample'
import { OUTCOME_CODES, STATE_CODES, WATTAGE_SOURCE_CODES } from './codes.js'
import type { GoodSample } from './ingest_check.js'

type Plain = number | boolean | null | undefined

/** Columns of a sample, the same in the raw and the live layer: name, type, where it comes from. */
export const SAMPLE_COLUMNS: readonly [name: string, type: string, of: (one: Sample) => Plain][] = [
  ['outcome', 'smallint', ({ outcome }) => OUTCOME_CODES[outcome]],
  ['state', 'smallint', ({ state }) => STATE_CODES[state]],
  ['poll_ms', 'integer', (one) => one.poll_ms],
  ['is_mining', 'boolean', (one) => one.is_mining],
  ['uptime_s', 'bigint', (one) => one.uptime_s],
  ['hashrate_ths', 'real', (one) => one.hashrate_ths],
  ['hashrate_avg_ths', 'real', (one) => one.hashrate_avg_ths],
  ['expected_hashrate_ths', 'real', (one) => one.expected_hashrate_ths],
  ['wattage_w', 'real', (one) => one.wattage_w],
  [
    'wattage_source',
    'smallint',
    ({ wattage_source: source }) => (source ? WATTAGE_SOURCE_CODES[source] : null),
  ],
  ['wattage_limit_w', 'real', (one) => one.wattage_limit_w],
  ['temp_inlet_c', 'real', (one) => one.temp_inlet_c],
  ['temp_outlet_c', 'real', (one) => one.temp_outlet_c],
  ['temp_max_c', 'real', (one) => one.temp_max_c],
  ['fan_min_rpm', 'real', (one) => one.fan_min_rpm],
  ['fan_max_rpm', 'real', (one) => one.fan_max_rpm],
  ['shares_accepted', 'bigint', (one) => one.shares_accepted],
  ['shares_rejected', 'bigint', (one) => one.shares_rejected],
  ['shares_stale', 'bigint', (one) => one.shares_stale],
  ['hardware_errors', 'bigint', (one) => one.hardware_errors],
]

const NAMES = SAMPLE_COLUMNS.map(([name]) => name).join(', ')

/** Sent again after a crash in between, a sample finds itself there already. */
const INSERT = `
  insert into fleet_telemetry_raw (tenant_id, miner_no, at, ${NAMES})
  select ?::uuid, miner_no, at, ${NAMES}
  from unnest(?::integer[], ?::timestamptz[], ${SAMPLE_COLUMNS.map(([, type]) => `?::${type}[]`).join(', ')})
    as t (miner_no, at, ${NAMES})
  on conflict do nothing`

/** Moments as an array literal; ISO 8601 in UTC. */
export const timeArray = (times: readonly number[]) =>
  textArray(times.map((time) => new Date(time).toISOString()))

/** The columns of these samples as array literals. */
export const columnsOf = (rows: readonly GoodSample[]) =>
  SAMPLE_COLUMNS.map(([, , of]) => plainArray(rows.map(({ sample }) => of(sample))))

/** Adds samples to the raw layer; their partitions are there already. */
export async function insertRaw(tenantId: string, rows: readonly GoodSample[]) {
  if (rows.length === 0) return
  await insertSamples(INSERT, [
    tenantId,
    plainArray(rows.map(({ miner }) => miner.no)),
    timeArray(rows.map(({ at }) => at)),
    ...columnsOf(rows),
  ])
}
