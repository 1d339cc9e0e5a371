import { test } from '@japa/runner'
import fc from 'fast-check'
import { checkMeterSample, type MeterSample, type Register } from '../protocol/meters.js'
import { blocksOf } from '../src/meters/blocks.js'
import { decode } from '../src/meters/decode.js'
import { MeterPoller } from '../src/meters/poller.js'
import { FakeModbus } from './support/fake_modbus.js'
import { FakeTime } from './support/fake_time.js'
import { bench, configOf, register } from './support/meter_bench.js'

test.group('A poll of a meter', () => {
  test('keeps what it got when one block is refused', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('abb_eq'))
    cleanup(close)
    device.set(1, 3, 0x5b14, '0001 e8e4 0000 5ae2 0000 b097 0000 dd6b 0000 7541')
    const reading = await read()
    assert.equal(reading.outcome, 'partial')
    assert.equal(reading.power_w, 1251.56)
    assert.isNull(reading.energy_import_wh)
    assert.include(reading.trouble!, 'illegal address')
  })

  test('asks a silent meter once only', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('abb_eq'))
    cleanup(close)
    device.mischief = [{ type: 'exception', code: 11 }]
    const reading = await read()
    assert.equal(reading.outcome, 'unreachable')
    assert.isNull(reading.power_w)
    assert.lengthOf(device.asked, 1)
  })

  test('takes no value that cannot be', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(configOf('comet_t'))
    cleanup(close)
    device.set(1, 3, 0x30, '00fa 7fff')
    const reading = await read()
    assert.equal(reading.temperature_c, 25)
    assert.isNull(reading.humidity_pct)
    assert.include(reading.trouble!, 'humidity_pct cannot be 3276.7')
  })

  test('multiplies by the transformers what they divide', ({ assert }) => {
    const ratios = { ctRatio: 40, ptRatio: 10 }
    const value = (field: Register['field'], words: string) =>
      decode(Buffer.from(words, 'hex'), register({ field, type: 'u16', scale: 0.1 }), ratios)
    assert.deepEqual(value('power_w', '0064'), { value: 4000 })
    assert.deepEqual(value('current_l1_a', '0064'), { value: 400 })
    assert.deepEqual(value('voltage_l1_v', '0064'), { value: 100 })
    assert.deepEqual(value('frequency_hz', '01f4'), { value: 50 })
    assert.deepEqual(value('power_factor', '0009'), { value: 0.9 })
    assert.deepEqual(value('energy_import_wh', '0064'), { value: 4000 })
    assert.deepEqual(value('reactive_power_var', '0064'), { value: 4000 })
  })

  test('asks for all registers with few questions, each of them once', ({ assert }) => {
    const arbitrary = fc.uniqueArray(fc.nat(600), { minLength: 1, maxLength: 17 })
    fc.assert(
      fc.property(arbitrary, (addresses) => {
        const pieces = addresses.map((address) => ({
          fn: 3 as const,
          address: address * 2,
          words: 2,
        }))
        const blocks = blocksOf(pieces)
        assert.sameMembers(
          blocks.flatMap((block) => block.pieces),
          pieces
        )
        for (const { address, count, pieces: inside } of blocks) {
          assert.isAtMost(count, 125)
          assert.equal(count, inside.length * 2)
          assert.equal(address, Math.min(...inside.map((one) => one.address)))
        }
      })
    )
  })
})

test.group('The poller of meters', () => {
  test('reads several units over one connection and tells it in time', async ({
    assert,
    cleanup,
  }) => {
    const device = new FakeModbus()
    const port = await device.listen()
    for (const unit of [1, 2]) device.set(unit, 3, 0x30, '00fa 01f4')
    const time = new FakeTime(Date.UTC(2026, 0, 5))
    const samples: MeterSample[] = []
    const poller = new MeterPoller({
      emit: (one) => samples.push(one),
      time,
      log: () => {},
      answerMs: 500,
    })
    const stop = new AbortController()
    cleanup(async () => {
      poller.setMeters([])
      await device.close()
    })
    const meters = [1, 2].map((unit) => configOf('comet_t', { port, unit, pollSeconds: 15 }))
    poller.setMeters(meters)
    await time.pass(15_000)
    poller.tick(stop.signal)
    await poller.settled()
    assert.sameMembers(
      samples.map(({ meter }) => meter),
      meters.map(({ id }) => id)
    )
    for (const sample of samples) {
      assert.isNull(checkMeterSample(sample))
      assert.equal(sample.temperature_c, 25)
      assert.equal(sample.at, time.clock())
    }
    assert.equal(device.connections, 1)
    poller.setMeters([])
    await time.pass(60_000)
    poller.tick(stop.signal)
    await poller.settled()
    assert.lengthOf(samples, 2)
  })

  test('says what a newer portal asks for in vain, and reads the rest', async ({
    assert,
    cleanup,
  }) => {
    const device = new FakeModbus()
    const port = await device.listen()
    device.set(1, 3, 0x30, '00fa 01f4')
    const time = new FakeTime(Date.UTC(2026, 0, 5))
    const samples: MeterSample[] = []
    const emit = (one: MeterSample) => samples.push(one)
    const poller = new MeterPoller({ emit, time, log: () => {}, answerMs: 500 })
    cleanup(async () => {
      poller.setMeters([])
      await device.close()
    })
    const known = configOf('comet_t', { port, pollSeconds: 15 })
    const newer = configOf('comet_t', {
      port,
      pollSeconds: 15,
      registers: [register({ field: 'chlorine_ppm' as 'power_w' })],
    })
    poller.setMeters([known, newer])
    await time.pass(15_000)
    poller.tick(new AbortController().signal)
    await poller.settled()
    const of = ({ id }: { id: string }) => samples.find(({ meter }) => meter === id)!
    assert.deepInclude(of(known), { outcome: 'ok', temperature_c: 25 })
    assert.equal(of(newer).outcome, 'refused')
    assert.include(of(newer).trouble!, 'registers.0.field not_allowed')
    assert.isNull(checkMeterSample(of(newer)))
  })
})
