import { current } from '#core/current'
import { newId } from '#core/ids'
import type { MeterSample } from '#edge/protocol/meters'
import { asSystem } from '#tests/helpers'
import Collector from '../../models/collector.js'
import type Meter from '../../models/meter.js'
import { rollUpMeters } from '../../services/meter_rollup.js'
import { addMeter } from '../../services/meters.js'
import type { FakeCollector } from './fake_collector.js'

/** Lets a collector look at these addresses. */
export const allow = (
  collector: Pick<FakeCollector, 'tenant' | 'siteId' | 'id'>,
  addresses: string
) =>
  asSystem(collector.tenant, () =>
    current.get().client.table('fleet_ranges').insert({
      tenant_id: collector.tenant.id,
      id: newId(),
      site_id: collector.siteId,
      collector_id: collector.id,
      addresses,
    })
  )

export const WISH = {
  name: 'Main feed',
  measures: 'site' as const,
  ip: '10.9.0.5',
  port: 502,
  unit: 1,
  map: 'abb_eq',
  ctRatio: 1,
  ptRatio: 1,
  pollSeconds: 30,
}

export const makeMeter = (collector: FakeCollector, more: object = {}): Promise<Meter> =>
  asSystem(collector.tenant, async () =>
    addMeter(await Collector.named(collector.id), { ...WISH, ...more })
  )

export const readingOf = (meter: Meter, more: Partial<MeterSample> = {}): MeterSample => ({
  meter: meter.id,
  at: Date.now(),
  poll_ms: 20,
  outcome: 'ok',
  ...more,
})

/** Rolls up all that is due. */
export const rollUp = (collector: FakeCollector, now = new Date()) =>
  asSystem(collector.tenant, () => rollUpMeters(now))

/** A device with registers of its own, as its kind needs them; what they say is posted by a test. */
export const OWN = {
  container: registersFor(
    ...['supply_temp_c', 'return_temp_c', 'supply_pressure_bar', 'return_pressure_bar'],
    ...['flow_m3h', 'pump_running', 'power_w']
  ),
  pdu: registersFor('power_w', 'outlets_on'),
  sensor: registersFor('temperature_c', 'humidity_pct'),
}

function registersFor(...fields: string[]) {
  const registers = fields.map((field, address) => ({ field, address, type: 'i16' }))
  return { map: 'generic', registers: JSON.stringify(registers) }
}
