import { test } from '@japa/runner'
import { METER_MAPS } from '../protocol/meter_maps.js'
import { DRIVERS } from '../src/drivers/registry.js'
import { recogniseModbus, recognisePage } from '../src/meters/recognise.js'
import { Gateway } from '../src/modbus/gateway.js'
import { runCommand } from './support/command.js'
import { FakeModbus } from './support/fake_modbus.js'
import { FakePage } from './support/fake_page.js'

/** Nothing listens at the ports of miners there. */
const NO_MINER = ['--ports', 'rpc=9,http=9,https=9,v3=9,rest=9']

async function modbus() {
  const device = new FakeModbus()
  const port = await device.listen()
  return { device, port, close: () => device.close() }
}

/** ASCII as the registers of a device have it, filled up with zeros. */
const ascii = (text: string, words: number) =>
  Buffer.from(text.padEnd(words * 2, '\0'), 'latin1').toString('hex')

test.group('Edge command | read a device', () => {
  test('prints every value of a map, and what is missing as a dash', async ({
    assert,
    cleanup,
  }) => {
    const { device, port, close } = await modbus()
    cleanup(close)
    device.set(11, 3, 80, '183d')
    device.set(11, 3, 45, '0001'.repeat(20))
    device.set(11, 3, 157, '0000'.repeat(8))
    const at = ['127.0.0.1', '--driver', 'microbt_pdu', '--port', String(port), '--unit', '11']
    const { code, out } = await runCommand('read', ...at)
    assert.equal(code, 0)
    assert.match(out, /^Device +MicroBT container: PDU .*\(microbt_pdu\)$/m)
    assert.match(out, RegExp(`^Address +127\\.0\\.0\\.1:${port} unit 11$`, 'm'))
    assert.match(out, /^Outcome +partial$/m)
    assert.match(out, /^Power +62050 W$/m)
    assert.match(out, /^Outlets on +20$/m)
    assert.match(out, /^Alarms +-$/m)
    assert.match(out, /^Trouble +3\/167: exception 2: illegal address/m)
    assert.match(out, /unverified on hardware$/m)
    const json = await runCommand('read', ...at, '--json')
    const reading = JSON.parse(json.out)
    assert.containsSubset(reading, {
      device: 'microbt_pdu',
      ip: '127.0.0.1',
      port,
      unit: 11,
      outcome: 'partial',
      power_w: 62_050,
      outlets_on: 20,
      alarms: null,
    })
    assert.isString(reading.trouble)
  })

  test('ends with 1 when the device says nothing', async ({ assert, cleanup }) => {
    const { port, close } = await modbus()
    await close()
    cleanup(() => {})
    const args = ['127.0.0.1', '--driver', 'comet_t', '--port', String(port), '--json']
    const { code, out } = await runCommand('read', ...args)
    assert.equal(code, 1)
    assert.containsSubset(JSON.parse(out), { outcome: 'unreachable', temperature_c: null })
  })

  test('reads a page too', async ({ assert, cleanup }) => {
    const device = new FakePage()
    const port = await device.listen()
    cleanup(() => device.close())
    device.say({ ok: false })
    const args = ['read', '127.0.0.1', '--driver', 'antspace_hk3', '--port', String(port)]
    const { code, out } = await runCommand(...args)
    assert.equal(code, 1)
    assert.match(out, /^Outcome +refused$/m)
    assert.match(out, /^Trouble .*the device says ok: false$/m)
    assert.notMatch(out, / unit /)
  })

  test('finds out what says what it is, after no miner answered', async ({ assert, cleanup }) => {
    const { device, port, close } = await modbus()
    cleanup(close)
    device.identity = [
      [0, 'Schneider Electric'],
      [1, 'A9MEM3255'],
    ]
    // 12.5 kW as a float: 0x41480000.
    device.set(1, 3, 3053, '0000 0000 0000 0000 0000 0000 4148 0000')
    const { code, out } = await runCommand('read', '127.0.0.1', ...NO_MINER, '--port', String(port))
    assert.equal(code, 0)
    assert.match(out, /^Device +.*\(schneider_iem3000\)$/m)
    assert.match(out, /^Power +12500 W$/m)
  })

  test('names the maps that can be tried where nothing says what it is', async ({
    assert,
    cleanup,
  }) => {
    const { device, port, close } = await modbus()
    cleanup(close)
    const at = ['read', '127.0.0.1', ...NO_MINER, '--port', String(port)]
    const silent = await runCommand(...at)
    assert.equal(silent.code, 1)
    for (const { name } of METER_MAPS) assert.include(silent.err, name)
    device.identity = [
      [0, 'Acme'],
      [1, 'M-1\u001B[2J'],
    ]
    const said = await runCommand(...at)
    assert.equal(said.code, 1)
    assert.include(said.err, 'something there says "Acme M-1[2J", of which there is no map')
    assert.equal(said.out, '')
  })

  const wrong: [string[], RegExp][] = [
    [['--driver', 'abb_eq', '--unit', '256'], /--unit: "256"/],
    [['--driver', 'abb_eq', '--port', '0'], /--port: "0"/],
    [['--driver', 'antminer', '--port', '502'], /--port and --unit are for devices/],
  ]
  for (const [args, message] of wrong) {
    test(`says what is wrong with "${args.join(' ')}"`, async ({ assert }) => {
      const { code, err } = await runCommand('read', '127.0.0.1', ...args)
      assert.equal(code, 2)
      assert.match(err, message)
    })
  }

  test('lists the devices with their sources, and no name twice', async ({ assert }) => {
    const list = JSON.parse((await runCommand('drivers', '--json')).out)
    const names = list.map(({ name }: { name: string }) => name)
    assert.deepEqual(
      names,
      [...DRIVERS, ...METER_MAPS].map(({ name }) => name)
    )
    assert.lengthOf(new Set([...names, 'auto', 'generic']), names.length + 2)
    assert.containsSubset(list.at(-1), { kind: 'container', source: METER_MAPS.at(-1)!.source })
    const { out } = await runCommand('drivers')
    for (const { name, source } of METER_MAPS)
      assert.match(out, RegExp(`^${name} .*${escape(source)}$`, 'm'))
  })
})

const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')

test.group('A device that says what it is', () => {
  async function recognised(prepare: (device: FakeModbus) => void) {
    const { device, port, close } = await modbus()
    prepare(device)
    const gateway = new Gateway({ ip: '127.0.0.1', port, answerMs: 200, connectMs: 500 })
    try {
      return await recogniseModbus(gateway, 1)
    } finally {
      gateway.close()
      await close()
    }
  }

  test('is known by the type in its registers: ABB', async ({ assert }) => {
    for (const type of ['A44 552-100', 'B23 112-100']) {
      const said = await recognised((device) => device.set(1, 3, 0x8960, ascii(type, 6)))
      assert.equal(said?.map?.name, 'abb_eq')
      assert.equal(said?.says, type)
    }
  })

  test('is asked for its registers when it is silent about the first question', async ({
    assert,
  }) => {
    const said = await recognised((device) => {
      device.mischief = [{ type: 'silent' }]
      device.set(1, 3, 0x8960, ascii('A43 212-100', 6))
    })
    assert.equal(said?.map?.name, 'abb_eq')
  })

  test('is nobody when it says something else, and is never guessed', async ({ assert }) => {
    assert.isNull(await recognised((device) => device.set(1, 3, 0x8960, ascii('C11 110', 6))))
    assert.isNull(await recognised((device) => device.set(1, 3, 0x8960, '0000'.repeat(6))))
    const other = await recognised((device) => {
      device.identity = [
        [0, 'Schneider Electric'],
        [1, 'METSEPM5110'],
      ]
    })
    assert.deepEqual(other, { map: null, says: 'Schneider Electric METSEPM5110' })
  })

  test('is an Antspace by the keys of its page', async ({ assert, cleanup }) => {
    const device = new FakePage()
    const port = await device.listen()
    cleanup(() => device.close())
    for (const { name, http } of METER_MAPS) {
      if (!http) continue
      const keys = http.fields.flatMap((one) => one.keys)
      device.say({ ok: true, params: Object.fromEntries(keys.map((key) => [key, 1])) })
      const said = await recognisePage({ ip: '127.0.0.1', port })
      assert.equal(said?.map?.name, name)
    }
    device.say({ ok: true, params: { supply_liquid_temp: 1 } })
    assert.isNull(await recognisePage({ ip: '127.0.0.1', port }))
    device.say('<html>', '404 Not Found')
    assert.isNull(await recognisePage({ ip: '127.0.0.1', port }))
  })
})
