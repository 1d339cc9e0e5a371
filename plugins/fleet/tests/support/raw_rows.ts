import { insertSamples, plainArray, textArray } from '#core/bulk'
import { ensurePartitions } from '../../services/partitions.js'

type Plain = number | boolean | null

/** A row of the raw layer; what is not given is healthy or, for counters, not said. */
export interface RawRow {
  no: number
  at: number
  outcome?: number
  is_mining?: boolean | null
  uptime_s?: number | null
  hashrate_ths?: number | null
  wattage_w?: number | null
  temp_max_c?: number | null
  shares_accepted?: number | null
}

const COLUMNS: readonly [name: keyof RawRow, type: string, usual: Plain][] = [
  ['outcome', 'smallint', 0],
  ['is_mining', 'boolean', true],
  ['uptime_s', 'bigint', null],
  ['hashrate_ths', 'real', 100],
  ['wattage_w', 'real', 3000],
  ['temp_max_c', 'real', 70],
  ['shares_accepted', 'bigint', null],
]

const NAMES = COLUMNS.map(([name]) => name).join(', ')

/** Puts rows straight into the raw layer, as the role of ingest, without marking anything due. */
export async function insertRawRows(tenantId: string, rows: readonly RawRow[]) {
  const times = rows.map(({ at }) => new Date(at))
  await ensurePartitions('fleet_telemetry_raw', times)
  await insertSamples(
    `insert into fleet_telemetry_raw (tenant_id, miner_no, at, state, poll_ms, ${NAMES})
     select ?::uuid, no, at, 0, 100, ${NAMES}
     from unnest(?::integer[], ?::timestamptz[], ${COLUMNS.map(([, type]) => `?::${type}[]`).join(', ')})
       as t (no, at, ${NAMES})`,
    [
      tenantId,
      plainArray(rows.map(({ no }) => no)),
      textArray(times.map((at) => at.toISOString())),
      ...COLUMNS.map(([name, , usual]) =>
        plainArray(rows.map((row) => (row[name] === undefined ? usual : row[name])))
      ),
    ]
  )
}
