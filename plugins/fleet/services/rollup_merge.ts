import { plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import type { BucketAggregate, Spread } from '../domain/aggregate_bucket.js'
import { mergeBuckets } from '../domain/merge_buckets.js'
import { AGGREGATE_COLUMNS, type MinerBucket, writeBuckets } from './rollup_rows.js'

/** What a row was when its partition of samples was made anew, and since when that one is there. */
interface LateBase {
  since: string
  row: BucketAggregate | null
}

type Stored = Record<string, number | string | null> & {
  miner_no: number
  late_base: LateBase | null
}

const NAMES = AGGREGATE_COLUMNS.map(([name]) => name).join(', ')

/** The rows of these miners as they stand. */
async function storedRows(bucket: Date, miners: readonly number[]): Promise<Map<number, Stored>> {
  const { rows } = await current.get().client.rawQuery(
    `select miner_no, late_base, ${NAMES} from fleet_telemetry_5min
     where tenant_id = ? and bucket = ? and miner_no = any(?::integer[])`,
    [current.tenantId(), bucket, plainArray(miners)]
  )
  return new Map((rows as Stored[]).map((row) => [row.miner_no, row]))
}

/**
 * Writes five minutes whose earlier samples are gone: what was rolled up of those is kept aside in
 * the row, and what came late is added to it, each time anew. So it can be done again when more
 * comes late, and nothing is counted twice.
 */
export async function writeLate(bucket: Date, rows: readonly MinerBucket[], since: string) {
  const numbers = rows.map(({ minerNo }) => minerNo)
  const stored = await storedRows(bucket, numbers)
  const isKnown = (row: Stored | undefined) => row?.late_base?.since === since
  const baseOf = (row: Stored | undefined) => {
    if (!row) return null
    return isKnown(row) ? row.late_base!.row : aggregateOf(row)
  }
  const bases = rows.map(({ minerNo }) => baseOf(stored.get(minerNo)))
  const merged = rows.map((row, index) => {
    const base = bases[index]
    return base ? { ...mergeBuckets(base, row), minerNo: row.minerNo } : row
  })
  await writeBuckets(bucket, merged, true)
  const kept = rows.flatMap(({ minerNo }, index) =>
    isKnown(stored.get(minerNo))
      ? []
      : [{ minerNo, base: { since, row: bases[index]! } satisfies LateBase }]
  )
  if (kept.length > 0) await keepBases(bucket, kept)
}

const keepBases = (bucket: Date, kept: readonly { minerNo: number; base: LateBase }[]) =>
  current.get().client.rawQuery(
    `update fleet_telemetry_5min f set late_base = t.base
     from unnest(?::integer[], ?::jsonb[]) as t (no, base)
     where f.tenant_id = ? and f.bucket = ? and f.miner_no = t.no`,
    [
      plainArray(kept.map(({ minerNo }) => minerNo)),
      textArray(kept.map(({ base }) => JSON.stringify(base))),
      current.tenantId(),
      bucket,
    ]
  )

/** Those that would change what is stored: a neighbour mostly stays as it is. */
export async function changedRows(bucket: Date, rows: readonly MinerBucket[]) {
  const stored = await storedRows(
    bucket,
    rows.map(({ minerNo }) => minerNo)
  )
  return rows.filter((row) => {
    const was = stored.get(row.minerNo)
    if (!was) return true
    return (
      was.seconds_covered !== row.secondsCovered ||
      was.samples !== row.samples ||
      was.energy_wh !== row.energyWh ||
      number(was.shares_accepted!) !== row.sharesAccepted
    )
  })
}

const number = (value: number | string | null) => (value === null ? null : Number(value))

/** A stored row as the domain knows it. */
function aggregateOf(row: Stored): BucketAggregate {
  const value = (name: string) => number(row[name] ?? null)
  const spread = (avg: string, min = avg, max = avg): Spread | null => {
    const mean = value(avg)
    if (mean === null) return null
    return { avg: mean, min: value(min) ?? mean, max: value(max) ?? mean }
  }
  return {
    samples: value('samples')!,
    secondsCovered: value('seconds_covered')!,
    secondsOnline: value('seconds_online')!,
    secondsMining: value('seconds_mining')!,
    hashrateThs: spread('hashrate_avg_ths', 'hashrate_min_ths', 'hashrate_max_ths'),
    expectedThs: spread('expected_avg_ths'),
    powerW: spread('power_avg_w', 'power_min_w', 'power_max_w'),
    powerSource: value('power_source'),
    tempMaxC: spread('temp_avg_c', 'temp_min_c', 'temp_max_c'),
    tempInletC: spread('inlet_avg_c'),
    fanMinRpm: value('fan_min_rpm'),
    fanMaxRpm: value('fan_max_rpm'),
    sharesAccepted: value('shares_accepted'),
    sharesRejected: value('shares_rejected'),
    sharesStale: value('shares_stale'),
    hardwareErrors: value('hardware_errors'),
    restarts: value('restarts')!,
    energyWh: value('energy_wh'),
  }
}
