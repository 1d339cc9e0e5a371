import { plainArray, textArray } from '#core/bulk'
import { current } from '#core/current'
import { counterEndWh } from '#edge/protocol/meters'
import { BUCKET_MS, BUCKET_S, bucketOf, maxGapS } from '../domain/bucket.js'
import { type MeterBucket, meterBucket, type MeterReading } from '../domain/meter_bucket.js'
import Meter from '../models/meter.js'
import { timeArray } from './ingest_raw.js'
import { ensurePartitions } from './partitions.js'

/** Most of one transaction. */
const MOST_AT_ONCE = 200

interface Due {
  meter_no: number
  bucket: Date
  marked_at: string
}

/**
 * Rolls up the oldest five minutes that are due, of all meters of the tenant, and those whose edges
 * they may have moved. Gives how many were due. The reading after the end must have had time to come.
 */
export async function rollUpMeters(now: Date): Promise<number> {
  const due = await takeDue(now)
  const byMeter = Map.groupBy(due, ({ meter_no: no }) => no)
  for (const [no, rows] of byMeter) {
    const meter = await Meter.query().where('no', no).firstOrFail()
    await rollUp(
      meter as Meter,
      rows.map(({ bucket }) => bucket.getTime())
    )
  }
  await settle(due)
  return due.length
}

async function takeDue(now: Date): Promise<Due[]> {
  const { rows } = await current.get().client.rawQuery(
    `select d.meter_no, d.bucket, d.marked_at::text from fleet_meter_due d
     join fleet_meters m on m.tenant_id = d.tenant_id and m.no = d.meter_no
     where d.tenant_id = ? and d.bucket <= ?::timestamptz - make_interval(secs => 330 + 2 * m.poll_seconds)
     order by d.bucket, d.meter_no limit ? for update of d skip locked`,
    [current.tenantId(), now, MOST_AT_ONCE]
  )
  return rows
}

/** Done, unless a batch marked one again in between. */
const settle = (due: readonly Due[]) =>
  current.get().client.rawQuery(
    `delete from fleet_meter_due d
     using unnest(?::integer[], ?::timestamptz[], ?::timestamptz[]) as t (meter_no, bucket, marked_at)
     where d.tenant_id = ? and d.meter_no = t.meter_no and d.bucket = t.bucket
       and d.marked_at = t.marked_at`,
    [
      plainArray(due.map(({ meter_no: no }) => no)),
      timeArray(due.map(({ bucket }) => bucket.getTime())),
      textArray(due.map(({ marked_at: at }) => at)),
      current.tenantId(),
    ]
  )

async function rollUp(meter: Meter, due: readonly number[]) {
  const buckets = await touchedBy(meter, due)
  const terms = {
    maxGapS: maxGapS(meter.pollSeconds),
    counterEndWh: counterEndWh({
      registers: [...meter.reads],
      ctRatio: meter.ctRatio,
      ptRatio: meter.ptRatio,
    }),
  }
  await ensurePartitions(
    'fleet_meter_5min',
    buckets.map((bucket) => new Date(bucket))
  )
  for (const bucket of buckets) {
    const readings = await readingsAround(meter, bucket, terms.maxGapS)
    const from = bucket / 1000
    const rolled = meterBucket(readings, [from, from + BUCKET_S], terms)
    if (rolled.samples > 0) await write(meter, bucket, { rolled, readings })
  }
}

/**
 * Those that are due, and the nearest that hold readings before and after each: there the counter is
 * interpolated at the edge, or a gap ends that has moved.
 */
async function touchedBy(meter: Meter, due: readonly number[]): Promise<number[]> {
  const { rows } = await current.get().client.rawQuery(
    `select distinct near.at from unnest(?::timestamptz[]) as b (bucket)
     cross join lateral (
       (select at from fleet_meter_raw where tenant_id = ? and meter_no = ?
          and at < b.bucket and at >= b.bucket - interval '2 days' order by at desc limit 1)
       union all
       (select at from fleet_meter_raw where tenant_id = ? and meter_no = ?
          and at >= b.bucket + interval '5 minutes' and at < b.bucket + interval '2 days'
        order by at limit 1)
     ) near`,
    [timeArray(due), current.tenantId(), meter.no, current.tenantId(), meter.no]
  )
  const near = (rows as { at: Date }[]).map(({ at }) => bucketOf(at.getTime()))
  return [...new Set([...due, ...near])].sort((a, b) => a - b)
}

const COLUMNS = `extract(epoch from at)::float8 as t, power_w, energy_import_wh::float8 as wh,
  temperature_c, humidity_pct, supply_temp_c, return_temp_c`

/** Readings in five minutes and near them, and the last counter before those, however long ago. */
async function readingsAround(meter: Meter, bucket: number, gapS: number): Promise<MeterReading[]> {
  const from = new Date(bucket - gapS * 1000)
  const to = new Date(bucket + BUCKET_MS + gapS * 1000)
  const of = [current.tenantId(), meter.no]
  const { rows } = await current.get().client.rawQuery(
    `select ${COLUMNS} from fleet_meter_raw
     where tenant_id = ? and meter_no = ? and at >= ? and at <= ? order by at`,
    [...of, from, to]
  )
  const readings: MeterReading[] = rows.map((row: Record<string, number | null>): MeterReading => ({
    t: row.t!,
    powerW: row.power_w!,
    counterWh: row.wh!,
    temperatureC: row.temperature_c!,
    humidityPct: row.humidity_pct!,
    supplyTempC: row.supply_temp_c!,
    returnTempC: row.return_temp_c!,
  }))
  const before = await counterBefore(of, from)
  return before ? [{ ...NOTHING, ...before }, ...readings] : readings
}

const NOTHING = {
  ...{ powerW: null, temperatureC: null, humidityPct: null },
  ...{ supplyTempC: null, returnTempC: null },
}

/** From the raw layer, or when that is gone from what was rolled up of it. */
async function counterBefore(of: (string | number)[], before: Date) {
  const { rows } = await current.get().client.rawQuery(
    `select extract(epoch from at)::float8 as t, wh::float8 from (
       (select at, energy_import_wh as wh from fleet_meter_raw where tenant_id = ? and meter_no = ?
          and at < ? and at >= ?::timestamptz - interval '2 days' and energy_import_wh is not null
        order by at desc limit 1)
       union all
       (select counter_last_at, counter_last_wh from fleet_meter_5min where tenant_id = ? and meter_no = ?
          and bucket < ? and counter_last_at < ? order by bucket desc limit 1)
     ) as both_layers order by 1 desc limit 1`,
    [...of, before, before, ...of, before, before]
  )
  const row = rows[0] as { t: number; wh: number } | undefined
  return row ? { t: row.t, counterWh: row.wh } : null
}

interface Rolled {
  rolled: MeterBucket
  readings: readonly MeterReading[]
}

/**
 * What is made of fewer readings never takes the place of what was made of more: late ones may come
 * when the others are gone from the raw layer.
 */
function write(meter: Meter, bucket: number, { rolled, readings }: Rolled) {
  const from = bucket / 1000
  const last = readings.findLast(
    ({ t, counterWh }) => counterWh !== null && from <= t && t < from + BUCKET_S
  )
  const row = {
    ...meter.key,
    bucket: new Date(bucket),
    samples: rolled.samples,
    power_seconds: rolled.powerSeconds,
    power_avg_w: rolled.powerAvgW,
    power_min_w: rolled.powerMinW,
    power_max_w: rolled.powerMaxW,
    power_energy_wh: rolled.powerEnergyWh,
    counter_seconds: rolled.counterSeconds,
    energy_import_wh: rolled.energyWh,
    gap_energy_wh: rolled.gapEnergyWh,
    counter_last_wh: last?.counterWh ?? null,
    counter_last_at: last ? new Date(last.t * 1000) : null,
    temperature_avg_c: rolled.temperatureAvgC,
    temperature_max_c: rolled.temperatureMaxC,
    humidity_avg_pct: rolled.humidityAvgPct,
    supply_temp_avg_c: rolled.supplyTempAvgC,
    supply_temp_max_c: rolled.supplyTempMaxC,
    return_temp_avg_c: rolled.returnTempAvgC,
  }
  const names = Object.keys(row)
  const changes = names.slice(3).map((name) => `${name} = excluded.${name}`)
  return current.get().client.rawQuery(
    `insert into fleet_meter_5min as kept (${names.join(', ')}) values (${names.map(() => '?').join(', ')})
     on conflict (tenant_id, meter_no, bucket) do update set ${changes.join(', ')}
     where excluded.samples >= kept.samples`,
    Object.values(row) as never[]
  )
}
