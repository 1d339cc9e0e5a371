import { test } from '@japa/runner'
import fc from 'fast-check'
import { METER_MAPS } from '../protocol/meter_maps.js'
import { checkMeterConfig, checkRegisters, counterEndWh } from '../protocol/meters.js'
import { decimalOf, numberOf, times, wholeOf } from '../src/meters/decimal.js'
import { decode } from '../src/meters/decode.js'
import { bench, configOf, NO_RATIO, register } from './support/meter_bench.js'

test.group('Maps of meters', () => {
  test('are well-formed and have names of their own', ({ assert }) => {
    for (const { name } of METER_MAPS) assert.isNull(checkMeterConfig(configOf(name)), name)
    assert.lengthOf(new Set(METER_MAPS.map(({ name }) => name)), METER_MAPS.length)
  })

  test('read the example of the ABB manual as it says', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('abb_eq'))
    cleanup(close)
    // 2CMC48001M0201 rev. C, page 170: the registers and, in its words, what they are.
    device.set(1, 3, 0x5b0c, '0000 0065 0000 00c9 0000 012e 0000 0086')
    device.set(1, 3, 0x5b14, '0001 e8e4 0000 5ae2 0000 b097 0000 dd6b 0000 7541')
    device.set(1, 3, 0x5b2c, '1383')
    device.set(1, 3, 0x5b3a, '03cc')
    // Not of the example: L1 is 230.4 V, L2 not available; 123,456,789.01 kWh imported, none exported.
    device.set(1, 3, 0x5b00, '0000 0900 ffff ffff 0000 0903')
    device.set(1, 3, 0x5000, '0000 0002 dfdc 1c35 0000 0000 0000 0000')
    assert.deepEqual(await read(), {
      outcome: 'ok',
      trouble: null,
      energy_import_wh: 123_456_789_010,
      energy_export_wh: 0,
      voltage_l1_v: 230.4,
      voltage_l2_v: null,
      voltage_l3_v: 230.7,
      current_l1_a: 1.01,
      current_l2_a: 2.01,
      current_l3_a: 3.02,
      power_w: 1251.56,
      power_l1_w: 232.66,
      power_l2_w: 452.07,
      power_l3_w: 566.83,
      reactive_power_var: 300.17,
      frequency_hz: 49.95,
      power_factor: 0.972,
    })
  })

  test('read a Schneider meter: floats of kilowatts, counters of watt-hours', async ({
    assert,
    cleanup,
  }) => {
    const { device, read, close } = await bench(configOf('schneider_iem3000'))
    cleanup(close)
    // IEEE 754 by hand: 12.5 = 0x41480000, 231.5 = 0x43678000, 3.25 = 0x40500000, 50 = 0x42480000.
    device.set(1, 3, 2999, '4148 0000 4148 0000 7fc0 0000')
    device.set(1, 3, 3027, '4367 8000 4367 8000 4367 8000')
    device.set(1, 3, 3053, '4050 0000 4050 0000 4050 0000 4148 0000')
    device.set(1, 3, 3067, 'c050 0000')
    device.set(1, 3, 3109, '4248 0000')
    device.set(1, 3, 3203, '0000 0000 0012 d687 8000 0000 0000 0000')
    const reading = await read()
    assert.equal(reading.outcome, 'ok')
    assert.equal(reading.power_w, 12_500)
    assert.equal(reading.power_l2_w, 3250)
    assert.equal(reading.reactive_power_var, -3250)
    assert.equal(reading.voltage_l1_v, 231.5)
    assert.equal(reading.frequency_hz, 50)
    assert.isNull(reading.current_l3_a)
    assert.equal(reading.energy_import_wh, 1_234_567)
    assert.isNull(reading.energy_export_wh)
  })

  test('read a PM5340 where its source reads it', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('schneider_pm5340'))
    cleanup(close)
    // pm5340.js reads bytes from 3000 on, which are registers from 2999 on the wire: currents at byte 0,
    // voltages to neutral at 56, powers in kW at 108 to 120, reactive total at 136, frequency at 220.
    const at = (byte: number, words: string) => device.set(1, 3, 2999 + byte / 2, words)
    at(0, '40a0 0000 40a0 0000 7fc0 0000')
    at(56, '4362 8000 4362 8000 4362 8000')
    at(108, '4050 0000 4050 0000 c050 0000 4050 0000')
    at(136, 'c048 0000')
    at(220, '4248 0000')
    // IEEE 754 by hand: 5 = 0x40a00000, 226.5 = 0x43628000, 3.25 = 0x40500000, -3.125 = 0xc0480000.
    assert.deepEqual(await read(), {
      outcome: 'ok',
      trouble: null,
      current_l1_a: 5,
      current_l2_a: 5,
      current_l3_a: null,
      voltage_l1_v: 226.5,
      voltage_l2_v: 226.5,
      voltage_l3_v: 226.5,
      power_l1_w: 3250,
      power_l2_w: 3250,
      power_l3_w: -3250,
      power_w: 3250,
      reactive_power_var: -3125,
      frequency_hz: 50,
    })
  })

  test('read SATEC energy with the low word first', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('satec_pm130_energy'))
    cleanup(close)
    // 63,290,058 kWh = 0x03C5BACA.
    device.set(1, 3, 14_720, 'baca 03c5')
    assert.equal((await read()).energy_import_wh, 63_290_058_000)
  })

  test('read a Comet sensor, below zero too', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('comet_t'))
    cleanup(close)
    device.set(1, 3, 0x30, 'ff9c 01f7')
    assert.deepInclude(await read(), { outcome: 'ok', temperature_c: -10, humidity_pct: 50.3 })
  })
})

test.group('Values out of registers', () => {
  test('keep every watt-hour that a double holds, and nothing beyond', ({ assert }) => {
    const counter = register({ field: 'energy_import_wh', type: 'u64', scale: 10 })
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (count) => {
        const bytes = Buffer.alloc(8)
        bytes.writeBigUInt64BE(count)
        const decoded = decode(bytes, counter, NO_RATIO)
        const wh = count * 10n
        if (wh <= BigInt(Number.MAX_SAFE_INTEGER)) assert.deepEqual(decoded, { value: Number(wh) })
        else assert.property(decoded, 'trouble')
      })
    )
  })

  test('are the same in both word orders', ({ assert }) => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (count) => {
        const high = Buffer.alloc(4)
        high.writeInt32BE(count)
        const low = Buffer.concat([high.subarray(2), high.subarray(0, 2)])
        assert.deepEqual(decode(high, register(), NO_RATIO), { value: count })
        assert.deepEqual(decode(low, register({ order: 'low_first' }), NO_RATIO), { value: count })
      })
    )
  })

  test('are scaled as decimals: a tenth of 3 is 0.3', ({ assert }) => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 6 }),
        (count, places) => {
          const scale = Number(`1e-${places}`)
          const value = numberOf(times({ digits: BigInt(count), places: 0 }, decimalOf(scale)))
          assert.equal(value, Number(`${count}e-${places}`))
        }
      )
    )
    assert.equal(wholeOf(decimalOf(2.5)), 3n)
    assert.equal(wholeOf(decimalOf(-2.5)), -3n)
    assert.equal(wholeOf(decimalOf(1.5e21)), 1_500_000_000_000_000_000_000n)
    assert.throws(() => decimalOf(Number.NaN), RangeError)
  })

  test('end where the bits of the counter end', ({ assert }) => {
    assert.equal(
      counterEndWh({
        registers: [register({ field: 'energy_import_wh', type: 'u32', scale: 10 })],
        ctRatio: 2,
        ptRatio: 1,
      }),
      2 ** 32 * 20
    )
    assert.isNull(counterEndWh(configOf('abb_eq')))
  })
})

test.group('A generic map', () => {
  const refused: [name: string, given: unknown, field: string][] = [
    ['no list', {}, ''],
    ['an empty list', [], ''],
    ['a field that nobody knows', [{ ...register(), field: 'hashrate' }], '0.field'],
    ['a function that writes', [{ ...register(), fn: 6 }], '0.fn'],
    ['an address beyond the end', [register({ address: 65_535 })], '0.address'],
    ['a scale of nothing', [register({ scale: 0 })], '0.scale'],
    ['the same field twice', [register(), register({ address: 9 })], '1.field'],
    ['a pattern of another length', [register({ none: 'ffff' })], '0.none'],
    ['too many', Array.from({ length: 41 }, () => register()), ''],
  ]
  for (const [name, given, field] of refused) {
    test(`is refused with ${name}`, ({ assert }) => {
      assert.equal(checkRegisters(given)?.field, field)
    })
  }
})
