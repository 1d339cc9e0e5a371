import { current } from '#core/current'
import type { Row } from '#core/table'

/** An interval of a meter, the same for pages, programs and bills. */
export interface MeterInterval {
  start: Date
  /** Whole watt-hours by the counter, without what it grew by across gaps; null: no counter said anything. */
  energyWh: number | null
  /** What it grew by across a gap that ended in this interval: true in sum, its moment is not known. */
  gapEnergyWh: number | null
  /** The area under power, to check the counter by. */
  powerEnergyWh: number | null
  /** Mean power of the seconds that the counter covers; where there is no counter, of power itself. */
  demandW: number | null
  powerMaxW: number | null
  /** Share of the interval that the figure above is made of, 0 to 1. */
  coverage: number
  temperatureAvgC: number | null
  humidityAvgPct: number | null
  /** Of the coolant on its way to the miners, and coming back. */
  supplyTempAvgC: number | null
  supplyTempMaxC: number | null
  returnTempAvgC: number | null
}

export type IntervalMinutes = 5 | 15 | 60

interface Asked {
  from: Date
  to: Date
  minutes: IntervalMinutes
}

const SQL = `
  select date_bin(make_interval(mins => ?), bucket, timestamptz '2024-01-01 00:00:00+00') as start,
    sum(energy_import_wh)::float8 as energy, sum(gap_energy_wh)::float8 as gap,
    sum(power_energy_wh) as power_energy, max(power_max_w) as power_max,
    sum(counter_seconds)::int as counter_s, sum(power_seconds)::int as power_s,
    avg(temperature_avg_c) as temperature, avg(humidity_avg_pct) as humidity,
    avg(supply_temp_avg_c) as supply, max(supply_temp_max_c) as supply_max,
    avg(return_temp_avg_c) as return_temp
  from fleet_meter_5min
  where tenant_id = ? and meter_no = ? and bucket >= ? and bucket < ?
  group by 1 order by 1`

/**
 * Intervals of one meter, from the five-minute layer; those without any reading are missing. They
 * begin at whole quarters of an hour UTC, which are those of the clocks of every site on whole
 * quarters.
 */
export async function meterIntervals(meterNo: number, asked: Asked): Promise<MeterInterval[]> {
  const { from, to, minutes } = asked
  const { rows } = await current
    .get()
    .client.rawQuery(SQL, [minutes, current.tenantId(), meterNo, from, to])
  return rows.map((row: Row) => intervalOf(row, minutes * 60))
}

function intervalOf(row: Row, seconds: number): MeterInterval {
  const isCounted = row.energy !== null && row.counter_s > 0
  const covered = isCounted ? row.counter_s : row.power_s
  const energyWh = isCounted ? row.energy : row.power_energy
  return {
    start: row.start,
    energyWh: row.energy,
    gapEnergyWh: row.gap,
    powerEnergyWh: row.power_energy,
    demandW: energyWh === null || covered === 0 ? null : (energyWh * 3600) / covered,
    powerMaxW: row.power_max,
    coverage: Math.min(1, covered / seconds),
    temperatureAvgC: row.temperature,
    humidityAvgPct: row.humidity,
    supplyTempAvgC: row.supply,
    supplyTempMaxC: row.supply_max,
    returnTempAvgC: row.return_temp,
  }
}

/** What the counters of these meters grew by since a moment, gaps included; null: nothing is known. */
export async function energySince(meterNos: readonly number[], from: Date) {
  const { rows } = await current.get().client.rawQuery(
    `select meter_no, sum(coalesce(energy_import_wh + coalesce(gap_energy_wh, 0), gap_energy_wh))::float8 as wh,
       max(bucket) + interval '5 minutes' as until
     from fleet_meter_5min where tenant_id = ? and meter_no = any(?::integer[]) and bucket >= ?
     group by 1`,
    [current.tenantId(), [...meterNos], from]
  )
  return new Map<number, { wh: number | null; until: Date }>(
    rows.map(({ meter_no: no, wh, until }: Row) => [no, { wh, until }])
  )
}
