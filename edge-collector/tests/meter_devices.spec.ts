import { test } from '@japa/runner'
import fc from 'fast-check'
import {
  checkMeterConfig,
  checkMeterSample,
  type Flag,
  type HttpReads,
  type MeterConfig,
  MOST_ALARMS,
} from '../protocol/meters.js'
import { readHttp } from '../src/meters/read_http.js'
import { FakePage, http } from './support/fake_page.js'
import { bench, configOf, register } from './support/meter_bench.js'

const flag = (more: Partial<Flag> = {}): Flag => ({
  code: 'leak',
  fn: 3,
  address: 100,
  bit: null,
  is: 1,
  ...more,
})

const deviceOf = (more: Partial<MeterConfig>): MeterConfig =>
  configOf('comet_t', { registers: [], ...more })

test.group('Alarms in registers', () => {
  test('are on where the bit or the value says so, and each code is told once', async ({
    assert,
    cleanup,
  }) => {
    const flags = [
      flag({ code: 'low_bit', bit: 0 }),
      flag({ code: 'high_bit', bit: 15 }),
      flag({ code: 'off_is_bad', bit: 1, is: 0 }),
      flag({ code: 'smoke', address: 101, is: 2 }),
      flag({ code: 'smoke', address: 102, is: 2 }),
      flag({ code: 'water', address: 103, is: 2 }),
    ]
    const { device, read, close } = await bench(deviceOf({ flags }))
    cleanup(close)
    device.set(1, 3, 100, '8000 0002 0002 0001')
    assert.deepEqual(await read(), {
      outcome: 'ok',
      trouble: null,
      alarms: ['high_bit', 'off_is_bad', 'smoke'],
    })
    device.set(1, 3, 100, '0002 0000 0000 0000')
    assert.deepEqual(await read(), { outcome: 'ok', trouble: null, alarms: [] })
  })

  test('are unknown, never none, when the device refuses them', async ({ assert, cleanup }) => {
    const config = deviceOf({
      registers: [register({ type: 'u16' })],
      flags: [flag(), flag({ address: 200 })],
    })
    const { device, read, close } = await bench(config)
    cleanup(close)
    device.set(1, 3, 0, '0007')
    device.set(1, 3, 100, '0000')
    const reading = await read()
    assert.equal(reading.power_w, 7)
    assert.equal(reading.outcome, 'partial')
    assert.isNull(reading.alarms)
    assert.include(reading.trouble!, '3/200: exception 2')
    // What is on is told all the same: a leak must not wait for the other block.
    device.set(1, 3, 100, '0001')
    assert.deepInclude(await read(), { outcome: 'partial', alarms: ['leak'] })
  })

  test('are unknown when nobody answers', async ({ assert, cleanup }) => {
    const { device, read, close } = await bench(deviceOf({ flags: [flag()] }))
    cleanup(close)
    device.mischief = [{ type: 'silent' }]
    assert.deepInclude(await read(), { outcome: 'unreachable', alarms: null })
  })

  test('fit into a sample, however many there are', ({ assert }) => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z][a-z0-9_]{0,39}$/)), (codes) => {
        const sample = { meter: crypto.randomUUID(), at: 1.8e12, poll_ms: 1, outcome: 'ok' }
        const fault = checkMeterSample({ ...sample, alarms: codes })
        assert.equal(fault === null, codes.length <= MOST_ALARMS)
      })
    )
  })
})

test.group('Sockets of a PDU', () => {
  test('are counted as many as are on', async ({ assert, cleanup }) => {
    const outlets = { fn: 3 as const, address: 10, count: 5, on: 1 }
    const { device, read, close } = await bench(deviceOf({ outlets }))
    cleanup(close)
    device.set(1, 3, 10, '0001 0002 0001 0000 0101')
    assert.deepInclude(await read(), { outcome: 'ok', outlets_on: 2 })
    device.set(1, 3, 10, '0002 0002 0002 0002 0002')
    assert.deepInclude(await read(), { outcome: 'ok', outlets_on: 0 })
    device.mischief = [{ type: 'exception', code: 2 }]
    assert.deepInclude(await read(), { outcome: 'refused', outlets_on: null })
  })
})

const PAGE: HttpReads = {
  path: '/cooler?operation=coolerState',
  within: 'params',
  fields: [
    { field: 'power_w', keys: ['box1', 'box2'], scale: 1 },
    { field: 'supply_pressure_bar', keys: ['pressure'], scale: 10 },
    { field: 'pump_running', keys: ['pump1', 'pump2'], scale: 1 },
  ],
  alarms: ['leak', 'Fan_Fault'],
}
const GOOD = { box1: 0.1, box2: 0.2, pressure: 0.29, pump1: true, pump2: true, leak: false }

async function page(more: Partial<HttpReads> = {}) {
  const device = new FakePage()
  const port = await device.listen()
  const place = { ip: '127.0.0.1', port, ctRatio: 1, ptRatio: 1 }
  const read = () => readHttp(place, { ...PAGE, ...more }, { answerMs: 300, connectMs: 300 })
  return { device, read, close: () => device.close() }
}

test.group('A device with a page', () => {
  test('is asked one question and believed where it is clear', async ({ assert, cleanup }) => {
    const { device, read, close } = await page()
    cleanup(close)
    device.say({ ok: true, params: { ...GOOD, Fan_Fault: true } })
    assert.deepEqual(await read(), {
      outcome: 'ok',
      trouble: null,
      power_w: 0.3,
      supply_pressure_bar: 2.9,
      pump_running: 1,
      alarms: ['fan_fault'],
    })
    assert.deepEqual(device.asked, ['GET /cooler?operation=coolerState HTTP/1.1'])
    device.say({ ok: true, params: { ...GOOD, pump1: false, pump2: false, Fan_Fault: 0 } })
    assert.deepInclude(await read(), { outcome: 'ok', pump_running: 0, alarms: [] })
  })

  test('has no value where it says none, and none is made up', async ({ assert, cleanup }) => {
    const { device, read, close } = await page()
    cleanup(close)
    const params = { box1: null, box2: 5, pressure: '0.29', pump1: true, leak: false }
    device.say({ ok: true, params })
    const reading = await read()
    assert.equal(reading.outcome, 'partial')
    assert.isNull(reading.power_w)
    assert.isNull(reading.supply_pressure_bar)
    assert.isNull(reading.pump_running)
    assert.isNull(reading.alarms)
    for (const part of ['pressure is no number', 'pump2 is no number', 'Fan_Fault is no flag'])
      assert.include(reading.trouble!, part)
    device.say({ ok: true, params: { ...GOOD, pressure: 1e9, Fan_Fault: false } })
    assert.deepInclude(await read(), { outcome: 'partial', supply_pressure_bar: null, alarms: [] })
  })

  const refused: [name: string, answer: string, why: string][] = [
    ['that says no', http('{"ok":false,"params":{"box1":1,"box2":2}}'), 'ok: false'],
    ['without the values', http('{"ok":true}'), 'no object "params"'],
    ['with a list of values', http('{"ok":true,"params":[1]}'), 'no object "params"'],
    ['of broken JSON', http('{"ok":true,"params":{"box1":1,}}'), 'no JSON'],
    ['of nested brackets', http('['.repeat(100_000)), 'no JSON'],
    ['with a login page', http('<html>', '401 Unauthorized'), 'HTTP 401'],
    ['that leads elsewhere', http('', '302 Found\r\nlocation: http://192.0.2.1/'), 'HTTP 302'],
    ['that is cut off', http('{"ok":true}').slice(0, -3), 'ended after'],
    ['without end', http(' '.repeat(9_000_000)), 'more than'],
    ['that is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'no HTTP'],
  ]
  for (const [name, answer, why] of refused) {
    test(`is refused with an answer ${name}`, async ({ assert, cleanup }) => {
      const { device, read, close } = await page()
      cleanup(close)
      device.answer = answer
      const reading = await read()
      assert.equal(reading.outcome, 'refused')
      assert.include(reading.trouble!, why)
      assert.isNull(reading.power_w)
      assert.isNull(reading.alarms)
    })
  }

  test('is unreachable when it says nothing in time or is not there', async ({
    assert,
    cleanup,
  }) => {
    const { read, close } = await page()
    assert.deepInclude(await read(), { outcome: 'unreachable', power_w: null, alarms: null })
    await close()
    const reading = await read()
    assert.deepInclude(reading, { outcome: 'unreachable', alarms: null })
    assert.include(reading.trouble!, 'ECONNREFUSED')
    cleanup(() => {})
  })

  test('is never asked for a page that no map has: a GET can stop the cooling', async ({
    assert,
    cleanup,
  }) => {
    const { device, read, close } = await page({ path: '/cooler?operation=close' })
    cleanup(close)
    assert.deepInclude(await read(), { outcome: 'refused' })
    assert.lengthOf(device.asked, 0)
  })

  test('never makes the collector throw, whatever the values are', async ({ assert, cleanup }) => {
    const { device, read, close } = await page()
    cleanup(close)
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...Object.keys(GOOD)), fc.jsonValue()),
        async (params) => {
          device.say({ params })
          const reading = await read()
          const sample = { meter: crypto.randomUUID(), at: 1.8e12, poll_ms: 1, ...reading }
          assert.isNull(checkMeterSample(sample))
        }
      ),
      { numRuns: 60 }
    )
  })
})

test.group('The config of a device', () => {
  const refused: [name: string, more: Partial<MeterConfig>, field: string][] = [
    ['nothing to read', {}, 'registers'],
    ['a code that cannot be stored', { flags: [flag({ code: 'Leak' })] }, 'flags.0.code'],
    ['a bit that no register has', { flags: [flag({ bit: 16 })] }, 'flags.0.bit'],
    ['a function that writes', { flags: [flag({ fn: 6 as 3 })] }, 'flags.0.fn'],
    [
      'sockets beyond the end',
      { outlets: { fn: 3, address: 65_530, count: 20, on: 1 } },
      'outlets.count',
    ],
    ['a page with a line break', { http: { ...PAGE, path: '/a\r\nx' } }, 'http.path'],
    [
      'a value of no key',
      { http: { ...PAGE, fields: [{ field: 'power_w', keys: [], scale: 1 }] } },
      'http.fields.0.keys',
    ],
  ]
  for (const [name, more, field] of refused) {
    test(`is refused with ${name}`, ({ assert }) => {
      assert.equal(checkMeterConfig(deviceOf(more))?.field, field)
    })
  }

  test('is taken without what an older portal does not know', ({ assert }) => {
    const { flags, outlets, http: none, ...old } = configOf('abb_eq')
    assert.isNull(checkMeterConfig(old))
    assert.deepEqual([flags, outlets, none], [null, null, null])
  })
})
