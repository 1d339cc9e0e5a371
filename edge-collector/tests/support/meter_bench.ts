import { randomUUID } from 'node:crypto'
import { readsOfMap } from '../../protocol/meter_maps.js'
import type { MeterConfig, Register } from '../../protocol/meters.js'
import { readMeter } from '../../src/meters/read_meter.js'
import { Gateway } from '../../src/modbus/gateway.js'
import { FakeModbus } from './fake_modbus.js'

export const NO_RATIO = { ctRatio: 1, ptRatio: 1 }

/** A meter of this map. */
export const configOf = (map: string, more: Partial<MeterConfig> = {}): MeterConfig => ({
  id: randomUUID(),
  ip: '127.0.0.1',
  port: 502,
  unit: 1,
  pollSeconds: 30,
  ...readsOfMap(map)!,
  ...NO_RATIO,
  ...more,
})

/** One register, which says nothing in particular. */
export const register = (more: Partial<Register> = {}): Register => ({
  field: 'power_w',
  address: 0,
  fn: 3,
  type: 'i32',
  order: 'high_first',
  scale: 1,
  none: null,
  ...more,
})

/** The meter behind a gateway, and who reads it. */
export async function bench(config: MeterConfig) {
  const device = new FakeModbus()
  const port = await device.listen()
  const gateway = new Gateway({ ip: '127.0.0.1', port, answerMs: 200, connectMs: 500 })
  const close = async () => {
    gateway.close()
    await device.close()
  }
  return { device, port, close, read: () => readMeter(config, gateway) }
}
