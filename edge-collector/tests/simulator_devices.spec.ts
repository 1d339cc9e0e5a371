import { randomUUID } from 'node:crypto'
import { test } from '@japa/runner'
import { checkMeterSample } from '../protocol/meters.js'
import { readMeter } from '../src/meters/read_meter.js'
import { recogniseModbus, recognisePage } from '../src/meters/recognise.js'
import { Gateway } from '../src/modbus/gateway.js'
import { VirtualClock } from '../src/simulator/clock.js'
import { serveControl } from '../src/simulator/control.js'
import type { DeviceRow } from '../src/simulator/device_rows.js'
import { serveDevices } from '../src/simulator/device_server.js'
import { checkFleet } from '../src/simulator/fleet_file.js'
import { Fleet } from '../src/simulator/fleet.js'
import { configOf } from './support/meter_bench.js'

const MINERS = 50

function siteOf(devices: DeviceRow[]) {
  const clock = new VirtualClock(Date.UTC(2026, 5, 1), 0)
  const groups = [{ model: 'M60S_VK30', count: MINERS, base: '127.36.0.1' }]
  return { clock, fleet: new Fleet({ file: { seed: 7, groups, devices }, clock }) }
}

const device = (kind: DeviceRow['kind'], more: Partial<DeviceRow> = {}): DeviceRow => ({
  kind,
  ip: '127.36.0.200',
  first: 0,
  count: MINERS,
  ...more,
})

const wattsOf = (fleet: Fleet, first: number, count: number) =>
  Array.from({ length: count }, (_, step) => fleet.machine(first + step).now().powerW).reduce(
    (sum, watts) => sum + watts,
    0
  )

test.group('Simulator | devices', () => {
  test('are read over the network as they are, by the maps of their makers', async ({
    assert,
    cleanup,
  }) => {
    const { fleet } = siteOf([
      device('abb_meter', { ip: '127.36.0.200' }),
      device('microbt_container', { ip: '127.36.0.201' }),
      device('antspace_hk3', { ip: '127.36.0.202' }),
    ])
    const server = await serveDevices(fleet.devices, { modbus: 0, http: 0 })
    cleanup(() => server.close())
    let units = 0
    for (const one of fleet.devices) {
      const { ip, kind } = one
      const port = server.ports[kind === 'antspace_hk3' ? 'http' : 'modbus']
      const gateway = new Gateway({ ip, port })
      cleanup(() => gateway.close())
      for (const unit of one.units) {
        const { map, values, alarms } = one.state(unit)!
        const reading = await readMeter(configOf(map.name, { ip, port, unit }), gateway)
        assert.deepInclude(reading, { outcome: 'ok', trouble: null, ...values }, map.name)
        assert.deepEqual(reading.alarms ?? [], alarms)
        units += 1
      }
    }
    // A meter, a page, and of the container: cooling, room, detectors, one meter, three PDUs.
    assert.equal(units, 2 + 7)
  })

  test('are recognised where their makers let them say what they are', async ({
    assert,
    cleanup,
  }) => {
    const { fleet } = siteOf([
      device('abb_meter', { ip: '127.36.0.200' }),
      device('antspace_hk3', { ip: '127.36.0.202' }),
    ])
    const server = await serveDevices(fleet.devices, { modbus: 0, http: 0 })
    const gateway = new Gateway({ ip: '127.36.0.200', port: server.ports.modbus })
    cleanup(async () => {
      gateway.close()
      await server.close()
    })
    assert.equal((await recogniseModbus(gateway, 1))?.map?.name, 'abb_eq')
    const place = { ip: '127.36.0.202', port: server.ports.http }
    assert.equal((await recognisePage(place))?.map?.name, 'antspace_hk3')
  })

  test('have the power of the machines behind them, socket by socket', ({ assert }) => {
    const { fleet } = siteOf([
      device('microbt_container', { ip: '127.36.0.201', first: 5, count: 45 }),
      device('abb_meter', { ip: '127.36.0.202' }),
    ])
    const [container, meter] = fleet.devices
    const pdus = [9, 10, 11].map((unit) => container!.state(unit)!.values)
    assert.deepEqual(
      pdus.map(({ outlets_on: on }) => on),
      [20, 20, 5]
    )
    for (const [place, { power_w: watts }] of pdus.entries()) {
      assert.closeTo(watts!, wattsOf(fleet, 5 + place * 20, place < 2 ? 20 : 5), 5)
    }
    assert.closeTo(container!.state(4)!.values.power_w!, wattsOf(fleet, 5, 45), 5)
    assert.isNull(container!.state(5))
    assert.closeTo(meter!.state(1)!.values.power_w!, wattsOf(fleet, 0, MINERS) * 1.02, 1)
  })

  test('count energy as power goes by', ({ assert }) => {
    const { fleet, clock } = siteOf([device('abb_meter')])
    const read = () => fleet.devices[0]!.state(1)!.values
    const [before, power] = [read().energy_import_wh!, read().power_w!]
    clock.advance(3600)
    // Noise of the moment aside, an hour at this power.
    assert.closeTo((read().energy_import_wh! - before) / power, 1, 0.01)
  })

  test('carry the heat away: watts are flow times spread of water', ({ assert }) => {
    const { fleet } = siteOf([device('antspace_hk3')])
    const { values } = fleet.devices[0]!.state(1)!
    const spread = values.return_temp_c! - values.supply_temp_c!
    // 4186 J/kg/K and 1000 kg/m³: 1163 Wh a cubic metre and degree.
    const watts = (values.flow_m3h! * 1000 * 4186 * spread) / 3600
    assert.closeTo(watts / values.power_w!, 1, 0.03)
    assert.equal(values.pump_running, 1)
  })

  test('whose pump stands say so, and their machines get hot: the truth has both', ({ assert }) => {
    const faults = [{ kind: 'pump' as const, atS: 600, forS: 1800 }]
    const { fleet, clock } = siteOf([device('antspace_hk3', { count: 10, faults })])
    const [hk3] = fleet.devices
    const hottest = () =>
      Math.max(
        ...fleet
          .machine(3)
          .now()
          .boards.map(({ chipMaxC }) => chipMaxC)
      )
    const [cool, before] = [hottest(), hk3!.state(1)!.values.supply_temp_c!]
    assert.deepEqual(hk3!.state(1)!.alarms, [])
    clock.advance(750)
    const { values, alarms } = hk3!.state(1)!
    assert.equal(values.pump_running, 0)
    assert.equal(values.flow_m3h, 0)
    assert.isAbove(values.supply_temp_c!, before + 5)
    assert.includeMembers(alarms, ['circulating_pump_fault', 'supply_liquid_flow_low'])
    assert.isAbove(hottest(), cool + 10)
    clock.advance(150)
    assert.equal(fleet.machine(3).now().phase, 'tripped')
    const startAt = fleet.clock.startedAt
    assert.deepEqual(
      [...fleet.deviceTruth()],
      [
        {
          device: 'antspace_hk3',
          ip: '127.36.0.200',
          kind: 'pump',
          from: startAt + 600_000,
          to: startAt + 2_400_000,
        },
      ]
    )
    const hit = [...fleet.truth()].map(({ index, kind }) => `${kind} ${index}`)
    assert.sameMembers(
      hit,
      Array.from({ length: 10 }, (_, index) => `overheat ${index}`)
    )
    clock.advance(1800)
    assert.deepEqual(hk3!.state(1)!.alarms, [])
    assert.equal(hk3!.state(1)!.values.pump_running, 1)
  })

  test('warn of smoke and water, and can be silent', async ({ assert, cleanup }) => {
    const faults = [
      { kind: 'leak' as const, atS: 10, forS: 20 },
      { kind: 'smoke' as const, atS: 20, forS: 20 },
      { kind: 'silent' as const, atS: 100 },
    ]
    const { fleet, clock } = siteOf([device('microbt_container', { faults })])
    const [container] = fleet.devices
    const alarms = (unit: number) => container!.state(unit)!.alarms
    clock.advance(15)
    assert.deepEqual([alarms(1), alarms(3)], [['water_immersion'], ['water_ingress']])
    clock.advance(10)
    assert.deepEqual([alarms(3), alarms(9)], Array(2).fill(['smoke', 'water_ingress']))
    assert.deepEqual(alarms(10), [])
    const server = await serveDevices(fleet.devices, { modbus: 0, http: 0 })
    cleanup(() => server.close())
    clock.advance(100)
    const { ip } = container!
    const gateway = new Gateway({ ip, port: server.ports.modbus, answerMs: 200 })
    cleanup(() => gateway.close())
    const reading = await readMeter(configOf('microbt_env', { ip, unit: 3 }), gateway)
    assert.deepInclude(reading, { outcome: 'unreachable', alarms: null })
    assert.equal(container!.sample(3, randomUUID())?.outcome, 'unreachable')
  })

  test('say in samples what they say on the wire', ({ assert }) => {
    const kinds = ['abb_meter', 'microbt_container', 'antspace_hk3'] as const
    for (const kind of kinds) {
      const { fleet } = siteOf([device(kind)])
      for (const unit of fleet.devices[0]!.units) {
        const sample = fleet.devices[0]!.sample(unit, randomUUID())
        assert.isNull(checkMeterSample(sample), `${kind} ${unit}`)
        assert.equal(sample?.outcome, 'ok')
      }
    }
  })

  test('refuse questions that cannot be answered', async ({ assert, cleanup }) => {
    const { fleet } = siteOf([device('microbt_container')])
    const server = await serveDevices(fleet.devices, { modbus: 0, http: 0 })
    const gateway = new Gateway({ ip: fleet.devices[0]!.ip, port: server.ports.modbus })
    cleanup(async () => {
      gateway.close()
      await server.close()
    })
    const asked = (unit: number, address: number) =>
      gateway.read({ unit, fn: 3, address, count: 1 }).then(
        () => 'words',
        (error: Error) => error.message
      )
    assert.equal(await asked(1, 200), 'words')
    assert.include(await asked(1, 9999), 'exception 2')
    assert.include(await asked(77, 200), 'exception 11')
    assert.include(await gateway.identify(1).catch((error: Error) => error.message), 'exception 1')
  })

  const wrong: [string, DeviceRow[], RegExp][] = [
    ['at the address of a machine', [device('abb_meter', { ip: '127.36.0.9' })], /of its own/],
    ['twice at one address', [device('abb_meter'), device('antspace_hk3')], /of its own/],
    ['in front of nobody', [device('abb_meter', { first: 40, count: 11 })], /no such machines/],
  ]
  for (const [name, devices, message] of wrong) {
    test(`cannot be ${name}`, ({ assert }) => {
      assert.throws(() => siteOf(devices), message)
    })
  }

  test('are checked as they come out of a file', ({ assert }) => {
    const groups = [{ model: 'M60S_VK30', count: MINERS, base: '127.36.0.1' }]
    const fault = (devices: unknown) => checkFleet({ seed: 1, groups, devices })?.field
    assert.isUndefined(fault([device('abb_meter')]))
    assert.equal(fault([{ ...device('abb_meter'), ip: '10.0.0.1' }]), 'devices.0.ip')
    assert.equal(fault([{ ...device('abb_meter'), kind: 'kettle' }]), 'devices.0.kind')
    const faults = [{ kind: 'fire', atS: 0 }]
    assert.equal(fault([{ ...device('abb_meter'), faults }]), 'devices.0.faults.0.kind')
  })

  test('can be looked into', async ({ assert, cleanup }) => {
    const faults = [{ kind: 'leak' as const, atS: 0 }]
    const { fleet } = siteOf([device('antspace_hk3', { faults })])
    const control = await serveControl(fleet, 0)
    cleanup(() => control.close())
    const get = (path: string) => fetch(`http://127.0.0.1:${control.port}${path}`)
    const [said] = (await (await get('/devices')).json()) as any[]
    assert.equal(said.units[0].map, 'antspace_hk3')
    assert.deepEqual(said.units[0].alarms, ['leakage_fault'])
    assert.include(await (await get('/truth')).text(), '"device":"antspace_hk3"')
  })
})
