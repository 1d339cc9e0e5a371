import { readsOfMap } from '#edge/protocol/meter_maps'
import { asksAnything, type MeterConfig } from '#edge/protocol/meters'
import Meter from '../models/meter.js'

/** The meters that a collector is to read. Runs inside the tenant's scope. */
export async function meterConfigs(collectorId: string): Promise<MeterConfig[]> {
  const meters: Meter[] = await Meter.query()
    .where('collector_id', collectorId)
    .whereNull('removed_at')
    .orderBy('no')
  return meters
    .map((meter) => ({
      id: meter.id,
      ip: meter.ip,
      port: meter.port,
      unit: meter.unit,
      pollSeconds: meter.pollSeconds,
      ...readsOfMap(meter.map),
      registers: [...meter.reads],
      ctRatio: meter.ctRatio,
      ptRatio: meter.ptRatio,
    }))
    .filter(asksAnything)
}
