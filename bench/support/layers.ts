/** The layers of telemetry as benches fill and weigh them. Import once the application has booted. */
import db from '@adonisjs/lucid/services/db'
import { recordBoards } from '../../plugins/fleet/services/board_layer.js'
import { rollUpNext } from '../../plugins/fleet/services/rollup_5min.js'
import { rollUpDay } from '../../plugins/fleet/services/rollup_days.js'
import { asSystem } from '../../tests/helpers.js'

type Tenant = Parameters<typeof asSystem>[0]

export const BOARDS = 3

const board = (slot: number) => ({
  slot,
  slot_label: String(slot),
  present: true,
  active: true,
  hashrate_ths: 66.5,
  hashrate_avg_ths: null,
  expected_hashrate_ths: null,
  chips_working: 114,
  chips_expected: 114,
  temp_board_c: 61.5,
  temp_chip_c: null,
  temp_chip_min_c: null,
  temp_chip_max_c: 74.25,
  temp_inlet_c: null,
  temp_outlet_c: null,
  frequency_mhz: 545,
  voltage_v: 13.4,
  serial_number: null,
  hw_errors: 3,
})

/** Board samples of miners 1 to `miners`, one in each of these five minutes. */
export async function fillBoards(
  tenant: Tenant,
  { miners, buckets }: { miners: number; buckets: readonly Date[] }
) {
  const boards = Array.from({ length: BOARDS }, (_, slot) => board(slot))
  for (const at of buckets) {
    const rows = Array.from({ length: miners }, (_, index) => ({ minerNo: index + 1, at, boards }))
    for (let index = 0; index < rows.length; index += 500) {
      await asSystem(tenant, () => recordBoards(rows.slice(index, index + 500)))
    }
  }
}

/** Bytes of a row with its indexes, over all partitions. */
export async function bytesOf(table: string): Promise<number> {
  const owner = db.connection('owner')
  await owner.rawQuery(`vacuum analyze ${table}`)
  const { rows } = await owner.rawQuery(
    `select sum(pg_total_relation_size(c.oid))::float8 as bytes, sum(c.reltuples) filter (where c.relkind = 'r' and c.reltuples > 0)::float8 as rows
     from pg_class c where c.oid = ?::regclass or c.oid in (select inhrelid from pg_inherits where inhparent = ?::regclass)`,
    [table, table]
  )
  return Math.round(rows[0].bytes / rows[0].rows)
}

/** Rolls up all five minutes that are due; gives the milliseconds of the longest transaction. */
export async function rollUpAll(tenant: Tenant, now = new Date()): Promise<number> {
  let longestMs = 0
  for (;;) {
    const began = performance.now()
    const rolled = await asSystem(tenant, () => rollUpNext(now))
    if (rolled === 0) return longestMs
    longestMs = Math.max(longestMs, performance.now() - began)
  }
}

/** Rolls up all days that are due; gives how many. */
export const rollUpDays = (tenant: Tenant): Promise<number> =>
  asSystem(tenant, async () => {
    let count = 0
    while (await rollUpDay()) count += 1
    return count
  })
