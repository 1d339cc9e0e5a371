import { test } from '@japa/runner'
import { METER_MAPS } from '../protocol/meter_maps.js'
import { readMeter } from '../src/meters/read_meter.js'
import { Gateway } from '../src/modbus/gateway.js'
import { FakePage } from './support/fake_page.js'
import { bench, configOf } from './support/meter_bench.js'

/** So many registers of nothing. */
const zeros = (count: number) => '0000'.repeat(count)

test.group('Maps of MicroBT containers', () => {
  // Lines are of workers/lib/container.js of miningos-wrk-container-microbt at 3bbec487, "mock" is
  // mock/initial_states/default.js there. Its client asks for one address less than it is told
  // (svc-facs-modbus lib/modbus.js, `address = address - 1`), so 201 of line 156 is 200 on the wire.

  test('read the cooling distribution unit where its source has it', async ({
    assert,
    cleanup,
  }) => {
    const { device, read, close } = await bench(configOf('microbt_cdu'))
    cleanup(close)
    // getCDUInformation reads [201, 12] as the 46th to 57th of its list: message[45] is T2 (mock:
    // 200 * 2), message[47] P2 (mock: 202 * 2), message[48] P3 (mock: 203 * 2), each / 100.
    // 35.21 °C = 3521 = 0x0dc1; 2.53 bar = 253 = 0x00fd; 1.87 bar = 187 = 0x00bb.
    device.set(1, 3, 200, '0dc1 1111 00fd 00bb')
    // message[40] to message[44] are registers 96 to 100, "=== 1": the last is water_immersion_fault.
    device.set(1, 3, 95, '0000 0000 0000 0000 0001')
    assert.deepEqual(await read(), {
      outcome: 'ok',
      trouble: null,
      supply_temp_c: 35.21,
      supply_pressure_bar: 2.53,
      return_pressure_bar: 1.87,
      alarms: ['water_immersion'],
    })
    assert.deepEqual(
      device.asked.map(([, , address, count]) => [address, count]),
      [
        [200, 1],
        [202, 2],
        [95, 5],
      ]
    )
  })

  test('read below zero and every fault of the cooling distribution unit', async ({
    assert,
    cleanup,
  }) => {
    const { device, read, close } = await bench(configOf('microbt_cdu'))
    cleanup(close)
    // Read as readInt16BE: -2.5 °C = -250 = 0xff06.
    device.set(1, 3, 200, 'ff06 0000 0000 0000')
    device.set(1, 3, 95, '0001 0001 0001 0001 0001')
    assert.deepInclude(await read(), {
      supply_temp_c: -2.5,
      alarms: [
        'outdoor_temp_sensor_fault',
        'indoor_sensor_fault',
        'makeup_pump_fault',
        'power_supply_fault',
        'water_immersion',
      ],
    })
  })

  test('read the pump of a container of Kehua: 100 runs, 200 is broken, 0 stands', async ({
    assert,
    cleanup,
  }) => {
    const { device, read, close } = await bench(configOf('microbt_cdu_kehua'))
    cleanup(close)
    device.set(1, 3, 200, zeros(8))
    device.set(1, 3, 95, zeros(5))
    // message[52] is register 208 (201 + 52 - 45): _getPumpRunningStatusMappings.
    device.set(1, 3, 207, '0064')
    assert.deepInclude(await read(), { outcome: 'ok', pump_running: 1, alarms: [] })
    device.set(1, 3, 207, '0000')
    assert.deepInclude(await read(), { outcome: 'ok', pump_running: 0, alarms: [] })
    device.set(1, 3, 207, '00c8')
    const alarms = ['circulating_pump_fault']
    assert.deepInclude(await read(), { outcome: 'ok', pump_running: null, alarms })
  })

  test('read the room: tenths of Wonderint, hundredths of Kehua', async ({ assert, cleanup }) => {
    // [[2, 3]]: status, temperature, humidity in 2 to 4; mock: 38.5 * 10 at byte 2, 32.2 * 10 at 4.
    const one = await bench(configOf('microbt_room', { unit: 2 }))
    cleanup(one.close)
    one.device.set(2, 3, 1, '0001 0181 0142')
    assert.deepInclude(await one.read(), { temperature_c: 38.5, humidity_pct: 32.2 })
    const other = await bench(configOf('microbt_room_kehua', { unit: 2 }))
    cleanup(other.close)
    // The mock again: 38.5 * 100 = 3850 = 0x0f0a, 32.2 * 100 = 3220 = 0x0c94.
    other.device.set(2, 3, 1, '0001 0f0a 0c94')
    assert.deepInclude(await other.read(), { temperature_c: 38.5, humidity_pct: 32.2 })
  })

  test('hear smoke and water', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('microbt_env', { unit: 3 }))
    cleanup(close)
    // [[2, 15]]: message[1] smoke is register 3, message[6] water is 8; mock: 1 at bytes 2 and 12.
    device.set(3, 3, 1, `0001 0001 ${zeros(4)} 0000 0000`)
    assert.deepEqual(await read(), { outcome: 'ok', trouble: null, alarms: ['smoke'] })
    device.set(3, 3, 1, `0001 0000 ${zeros(4)} 0001 0001`)
    assert.deepInclude(await read(), { alarms: ['water_ingress'] })
  })

  test('read a power meter in hundredths of a kilowatt', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('microbt_power_meter', { unit: 4 }))
    cleanup(close)
    // [2, 1] then [3, 69]: message[55] total_active_power is 3 + 54 = 57 (mock: byte 110),
    // message[67] total_power_factor is 69 (mock: byte 134). 512.34 kW = 51234 = 0xc822, unsigned.
    device.set(4, 3, 56, 'c822')
    device.set(4, 3, 68, '0061')
    assert.deepEqual(await read(), {
      outcome: 'ok',
      trouble: null,
      power_w: 512_340,
      power_factor: 0.97,
    })
  })

  test('read a PDU: its power, its sockets and its detectors', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('microbt_pdu', { unit: 9 }))
    cleanup(close)
    // [69, 36] begins at message[67]: message[79] total_power is 81 (mock: byte 158).
    // 62.05 kW = 6205 = 0x183d.
    device.set(9, 3, 80, '183d')
    // [12, 55] begins at message[10]: message[44] is 46 (mock: byte 88), 1 on and 2 off, twenty of them.
    device.set(9, 3, 44, `0001 ${'0001'.repeat(17)}${'0002'.repeat(3)} 0001`)
    // [106, 87] begins at message[105]: message[157] is 158, [167] 168, [173] 174, [181] 182.
    device.set(9, 3, 157, zeros(32))
    assert.deepEqual(await read(), {
      outcome: 'ok',
      trouble: null,
      power_w: 62_050,
      outlets_on: 17,
      alarms: [],
    })
    // The last of each: access 164, infrared 172, water 180, smoke 188. 165 and 166 are nothing.
    for (const address of [164, 172, 180, 188]) device.set(9, 3, address, '0001')
    device.set(9, 3, 165, '0001 0001')
    assert.deepInclude(await read(), {
      alarms: ['access_control', 'infrared', 'water_ingress', 'smoke'],
    })
  })
})

test.group('Maps of Antspace containers', () => {
  const read = async (map: string, port: number) => {
    const gateway = new Gateway({ ip: '127.0.0.1', port })
    return readMeter(configOf(map, { port }), gateway)
  }

  test('read an HK3', async ({ assert, cleanup }) => {
    const device = new FakePage()
    const port = await device.listen()
    cleanup(() => device.close())
    // The state of mock/initial_states/default.js of miningos-wrk-container-antspace at 476864a6, with
    // pressures as MPa and powers that tests/unit/container-hydro.test.js adds up to 1500 W.
    const params = {
      disconnect: false,
      circulating_pump: true,
      fan1: false,
      supply_liquid_temp: 43,
      return_liquid_temp: 49,
      supply_liquid_pressure: 0.35,
      return_liquid_pressure: 0.28,
      colding_tower_inlet_temp: 26,
      antbox_internal_temp: 39,
      supply_liquid_flow: 29,
      antbox_internal_humidity: 54,
      distribution_box1_power: 1000,
      distribution_box2_power: 500,
      supply_liquid_set_temp: 35,
      ...faults('antspace_hk3', ['leakage_fault', 'freezing_alarm']),
    }
    device.say({ ok: true, method: 'coolerState', params })
    assert.deepEqual(await read('antspace_hk3', port), {
      outcome: 'ok',
      trouble: null,
      power_w: 1500,
      temperature_c: 39,
      humidity_pct: 54,
      supply_temp_c: 43,
      return_temp_c: 49,
      // convertMpaToBar of miningos-app-ui, HomeTab.util.tsx.
      supply_pressure_bar: 3.5,
      return_pressure_bar: 2.8,
      flow_m3h: 29,
      pump_running: 1,
      alarms: ['leakage_fault', 'freezing_alarm'],
    })
    assert.deepEqual(device.asked, ['GET /cooler?operation=coolerState HTTP/1.1'])
  })

  test('read an immersion container, whose pump is either of two', async ({ assert, cleanup }) => {
    const device = new FakePage()
    const port = await device.listen()
    cleanup(() => device.close())
    // Keys of mock/initial_states/immersion.js; running when second_pump1 or second_pump2 is
    // (immersion.js, isRunning).
    const params = {
      protocol_version: 5,
      second_pump1: false,
      second_pump2: true,
      primary_circulating_pump: false,
      primary_supply_temp: 41.5,
      primary_return_temp: 47.25,
      container_temp: 31,
      container_humidity: 40,
      distribution_box_power: 1.5,
      power_distribution: 7.6733,
      ...faults('antspace_immersion', ['power_distribution_Fault']),
    }
    device.say({ ok: true, method: 'coolerState', params })
    assert.deepEqual(await read('antspace_immersion', port), {
      outcome: 'ok',
      trouble: null,
      temperature_c: 31,
      humidity_pct: 40,
      supply_temp_c: 41.5,
      return_temp_c: 47.25,
      pump_running: 1,
      alarms: ['power_distribution_fault'],
    })
  })
})

/** All alarms of a map, these on. */
const faults = (map: string, on: string[]) => {
  const { http } = METER_MAPS.find(({ name }) => name === map)!
  return Object.fromEntries(http!.alarms.map((key) => [key, on.includes(key)]))
}
