import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from '@japa/runner'
import { COMMANDS } from '../src/cli/commands.js'
import { main } from '../src/cli/main.js'
import { serveControl } from '../src/simulator/control.js'
import { slowMs } from '../src/simulator/delivery.js'
import type { FaultRow, Group } from '../src/simulator/fleet_file.js'
import { MODELS } from '../src/simulator/models.js'
import { Random } from '../src/simulator/random.js'
import { openSimulatedSite, type SimulatedSite } from './support/simulated_site.js'

const NET = '127.34.0'
const HOUR = 3600
const DAY = 24 * HOUR

const antminers = (count: number): Group[] => [{ model: 'Antminer S21', count, base: `${NET}.1` }]

const percentile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)]!

test.group('Simulator | what a collector reads of faults', (group) => {
  let site: SimulatedSite
  const open = async (faults: FaultRow[], groups = antminers(2)) =>
    (site = await openSimulatedSite({ groups, faults }))
  group.each.teardown(() => site.close())

  test('a fan that stands, chips that are gone, a board that died', async ({ assert }) => {
    const { clock, read } = await open([
      { kind: 'fan', atS: 10, forS: HOUR, indexes: [0], slot: 2 },
      { kind: 'chip_dropout', atS: 10, forS: HOUR, indexes: [0], slot: 1, share: 0.25 },
      { kind: 'board_loss', atS: 10, forS: HOUR, indexes: [1], slot: 0 },
    ])
    clock.advance(60)
    const [hurt, short] = [await read(0), await read(1)]
    assert.deepEqual(
      hurt.fans!.filter(({ rpm }) => rpm === 0).map(({ slot }) => slot),
      [2]
    )
    // 108 chips on a board of an S21.
    assert.deepEqual(
      hurt.hashboards!.map((board) => board.chips_working),
      [108, 81, 108]
    )
    assert.deepEqual(
      short.hashboards!.map((board) => board.chips_working ?? 0),
      [0, 108, 108]
    )
    assert.closeTo(short.hashrate_ths!, (200 * 2) / 3, 12)
    clock.advance(2 * HOUR)
    const healed = await read(1)
    assert.closeTo(healed.hashrate_ths!, 200, 20)
    assert.lengthOf(
      (await read(0)).fans!.filter(({ rpm }) => rpm === 0),
      0
    )
  })

  test('pools that reject or are dead', async ({ assert }) => {
    const { clock, read } = await open([
      { kind: 'pool_rejects', atS: 0, indexes: [0], share: 0.25 },
      { kind: 'pool_dead', atS: 0, indexes: [1] },
    ])
    clock.advance(1)
    const before = await read(0)
    clock.advance(10 * HOUR)
    const after = await read(0)
    const rejected = after.shares_rejected! - before.shares_rejected!
    const accepted = after.shares_accepted! - before.shares_accepted!
    assert.closeTo(rejected / (rejected + accepted), 0.25, 0.01)
    const { pools } = await read(1)
    assert.deepEqual(
      pools!.map(({ alive }) => alive),
      [false, true]
    )
  })

  test('dust that makes it hotter from day to day', async ({ assert }) => {
    const { clock, read } = await open([{ kind: 'dust', atS: 0, indexes: [0], share: 0.05 }])
    clock.advance(60)
    const clean = await read(0)
    clock.advance(4 * DAY)
    const dusty = await read(0)
    const clear = await read(1)
    assert.isAbove(dusty.temp_max_c!, clean.temp_max_c! + 4)
    assert.closeTo(clear.temp_max_c!, clean.temp_max_c!, 4)
  })

  test('watts without hashrate, and neither', async ({ assert }) => {
    const { clock, read } = await open([
      { kind: 'zero_hashrate', atS: 0, indexes: [0] },
      { kind: 'psu', atS: 0, indexes: [1] },
    ])
    clock.advance(HOUR)
    const [idle, dark] = [await read(0), await read(1)]
    assert.equal(idle.hashrate_ths, 0)
    assert.isAbove(idle.wattage_w!, 3000)
    assert.equal(dark.hashrate_ths, 0)
    assert.isBelow(dark.wattage_w!, 100)
  })

  test('fields that are left out are unknown, not 0', async ({ assert }) => {
    const fields = ['hashrateThs', 'powerW', 'fans']
    const { read } = await open([{ kind: 'missing_fields', atS: 0, indexes: [0], fields }])
    const [record, whole] = [await read(0), await read(1)]
    assert.deepEqual([record.hashrate_ths, record.wattage_w, record.fans], [null, null, null])
    assert.isAbove(record.hashrate_avg_ths!, 0)
    assert.isAbove(whole.wattage_w!, 0)
  })

  test('a planned mode that comes and goes', async ({ assert }) => {
    const { clock, read } = await open([
      { kind: 'mode_change', atS: 10, forS: HOUR, indexes: [0], mode: 'low' },
    ])
    clock.advance(HOUR)
    assert.deepEqual((await read(0)).tuning_target, { type: 'mode', value: 'low' })
    clock.advance(HOUR)
    assert.deepEqual((await read(0)).tuning_target, { type: 'mode', value: 'normal' })
  })

  test('a machine that comes up again during a curtailment sleeps on', async ({ assert }) => {
    const { clock, fleet, read } = await open([
      { kind: 'reboot_loop', atS: 10, forS: 30, indexes: [0], periodS: 900 },
      { kind: 'curtailment', atS: 15, forS: HOUR, indexes: [0] },
    ])
    clock.advance(20)
    assert.isTrue(fleet.machine(0).isDown)
    clock.advance(200)
    assert.equal((await read(0)).state, 'paused')
    clock.advance(2 * HOUR)
    assert.equal((await read(0)).state, 'mining')
  })

  test('another version, another firmware with its own password', async ({ assert }) => {
    const { clock, read, scan, fleet } = await open([
      { kind: 'firmware_upgrade', atS: 10, indexes: [0], version: 'Mon Jun  1 00:00:00 CST 2026' },
      { kind: 'firmware_upgrade', atS: 10, indexes: [1], becomes: 'Antminer S19K Pro (LuxOS)' },
    ])
    const { serial_number: serial } = await read(0)
    clock.advance(HOUR)
    const { found } = await scan(`${NET}.0/28`)
    assert.deepEqual(
      found.map(({ driver, firmwareVersion }) => [driver, firmwareVersion]),
      [
        ['antminer', 'Mon Jun  1 00:00:00 CST 2026'],
        ['luxos', '2025.4.8.220305'],
      ]
    )
    assert.equal((await read(0)).serial_number, serial)
    assert.equal((await read(1)).outcome, 'ok')
    assert.isBelow(fleet.machine(1).now().uptimeS, HOUR)
  })

  test('one that moved and two that show the same MAC', async ({ assert }) => {
    const { clock, scan, fleet } = await open(
      [
        { kind: 'ip_change', atS: 60, indexes: [0], becomes: `${NET}.9` },
        { kind: 'duplicate_mac', atS: 60, indexes: [1], becomes: `${NET}.3` },
      ],
      antminers(3)
    )
    const places = async () => {
      const { found } = await scan(`${NET}.0/28`)
      return found.map(({ ip, mac }) => `${ip} ${mac}`)
    }
    const macs = [...fleet.machines()].map(({ mac }) => mac)
    assert.deepEqual(
      await places(),
      macs.map((mac, place) => `${NET}.${place + 1} ${mac}`)
    )
    clock.advance(61)
    assert.deepEqual(await places(), [
      `${NET}.2 ${macs[2]}`,
      `${NET}.3 ${macs[2]}`,
      `${NET}.9 ${macs[0]}`,
    ])
  })

  test('a clock that is wrong', async ({ assert }) => {
    const { fleet } = await open([{ kind: 'clock_wrong', atS: 0, indexes: [0], offsetS: -5 * DAY }])
    assert.equal(fleet.machine(1).now().at - fleet.machine(0).now().at, 5 * DAY * 1000)
  })
})

test.group('Simulator | faults between miner and collector', (group) => {
  let site: SimulatedSite
  const open = async (faults: FaultRow[], groups = antminers(2)) =>
    (site = await openSimulatedSite({ groups, faults }))
  group.each.teardown(() => site.close())

  test('a network that is there and away by turns', async ({ assert }) => {
    const { clock, read } = await open([
      { kind: 'network_flap', atS: 0, forS: 1000, indexes: [0], periodS: 100, downS: 30 },
    ])
    const outcomes: string[] = []
    for (const step of [10, 40, 60, 900]) {
      clock.advance(step)
      outcomes.push((await read(0)).outcome)
    }
    // At 10, 50, 110 and 1,010 seconds.
    assert.deepEqual(outcomes, ['api_down', 'ok', 'api_down', 'ok'])
  }).timeout(20_000)

  test('a mining API that is switched off beside a page that answers', async ({ assert }) => {
    const { read, scan } = await open([{ kind: 'api_off', atS: 0, indexes: [0] }])
    const record = await read(0)
    assert.equal(record.mac?.slice(0, 5), '02:48')
    assert.closeTo(record.hashrate_ths!, 200, 20)
    const { found } = await scan(`${NET}.0/28`)
    assert.deepEqual(
      found.map(({ driver }) => driver),
      ['antminer', 'antminer']
    )
  })

  test('a machine that speaks to one at a time', async ({ assert }) => {
    const { read, ports, fleet } = await open([{ kind: 'one_connection', atS: 0, indexes: [0] }])
    const other = connect(ports.rpc, fleet.machine(0).ip)
    await once(other, 'connect')
    assert.equal((await read(0)).outcome, 'api_down')
    assert.equal((await read(1)).outcome, 'ok')
    const left = once(other, 'close')
    other.destroy()
    await left
    assert.notEqual((await read(0)).outcome, 'unreachable')
  })

  test('a slow one answers, half of the time within 120 ms and rarely after 2.5 s', ({
    assert,
  }) => {
    site = { close: async () => {} } as SimulatedSite
    const random = new Random(5, 1)
    const delays = Array.from({ length: 20_000 }, (_, tick) => slowMs(random, tick))
    assert.closeTo(percentile(delays, 0.5), 120, 6)
    assert.closeTo(percentile(delays, 0.99), 2500, 250)
  })

  test('answers over HTTP and V3 are cut, broken and withheld too', async ({ assert }) => {
    const kinds = ['half_answer', 'truncated', 'reset', 'flood', 'refused'] as const
    const groups: Group[] = [
      { model: 'Bitaxe Supra', count: kinds.length + 1, base: `${NET}.1` },
      { model: 'M60S_VK30', count: kinds.length + 1, base: `${NET}.101` },
    ]
    const faults = kinds.map((kind, place) => ({
      kind,
      atS: 0,
      indexes: [place, kinds.length + 1 + place],
    }))
    const { read } = await open(faults, groups)
    const seen = async (first: number) => {
      const problems: string[] = []
      for (let place = 0; place < kinds.length; place++) {
        const record = await read(first + place)
        assert.notEqual(record.outcome, 'ok')
        assert.isNull(record.hashrate_ths)
        problems.push(record.problems[0]!.kind)
      }
      assert.equal((await read(first + kinds.length)).outcome, 'ok')
      return problems
    }
    assert.deepEqual(await seen(0), ['timeout', 'truncated', 'reset', 'too_large', 'reset'])
    assert.deepEqual(await seen(kinds.length + 1), [
      'timeout',
      'truncated',
      'reset',
      'too_large',
      'reset',
    ])
  }).timeout(30_000)
})

test.group('Simulator | a whole site', (group) => {
  let site: SimulatedSite
  group.each.teardown(() => site.close())

  test('every model of the catalogue is found as what it is', async ({ assert }) => {
    const groups = MODELS.map(({ name }, place) => ({
      model: name,
      count: 1,
      base: `${NET}.${place + 1}`,
    }))
    site = await openSimulatedSite({ groups })
    const { found, others } = await site.scan(`${NET}.0/27`)
    assert.deepEqual(
      found.map(({ driver }) => driver),
      MODELS.map(({ face }) => face)
    )
    assert.equal(others, 0)
  }).timeout(20_000)

  test('one too big for a listener each has its families still, and no more miners', async ({
    assert,
  }) => {
    const groups: Group[] = [
      { model: 'Antminer S19 Pro', count: 4200, base: '127.35.0.1' },
      { model: 'M50S_VH30', count: 8, base: '127.35.100.1' },
      { model: 'M60S_VK30', count: 8, base: '127.35.100.9' },
    ]
    site = await openSimulatedSite({ groups })
    const { found } = await site.scan('127.35.100.0/27')
    assert.deepEqual(
      found.map(({ driver }) => driver),
      [...Array<string>(8).fill('whatsminer'), ...Array<string>(8).fill('whatsminer_v3')]
    )
  }).timeout(30_000)

  test('tells the truth: who was hit is who shows it', async ({ assert }) => {
    site = await openSimulatedSite({
      groups: antminers(200),
      faults: [{ kind: 'fan', atS: 0, of: 0.1, slot: 1 }],
    })
    const { fleet, clock } = site
    const control = await serveControl(fleet, 0)
    const url = `http://127.0.0.1:${control.port}`
    const post = async (rows: object[]) => {
      const answer = await fetch(`${url}/faults`, { method: 'POST', body: JSON.stringify(rows) })
      return { status: answer.status, text: await answer.text() }
    }
    try {
      clock.advance(100)
      // Some machines are known by now, others are not.
      for (let index = 0; index < 100; index++) fleet.machine(index)
      assert.equal((await post([{ kind: 'board_loss', atS: 50, of: 0.2, slot: 2 }])).status, 200)
      clock.advance(60)
      const text = await (await fetch(`${url}/truth`)).text()
      const truth = text.split('\n').map((line) => JSON.parse(line))
      const told = truth.map(({ ip, kind }) => `${ip} ${kind}`).sort()
      const shown = [...fleet.machines()].flatMap((machine) =>
        machine
          .now()
          .faults.map(({ kind }) => `${machine.ip} ${kind === 'fan' ? kind : 'board_loss'}`)
      )
      assert.deepEqual(shown.sort(), told)
      assert.isAbove(told.filter((row) => row.endsWith('fan')).length, 5)
      assert.isAbove(told.filter((row) => row.endsWith('board_loss')).length, 15)
      const refused = [
        { kind: 'ip_change', atS: 0, indexes: [0], becomes: `${NET}.250` },
        { kind: 'fan', atS: 0 },
        { kind: 'fan', atS: 0, indexes: [200] },
        { kind: 'firmware_upgrade', atS: 0, indexes: [0], becomes: 'S99' },
        { kind: 'duplicate_mac', atS: 0, indexes: [0], becomes: '10.0.0.1' },
        { kind: 'missing_fields', atS: 0, indexes: [0] },
      ]
      for (const row of refused) assert.equal((await post([row])).status, 422, row.kind)
      assert.match((await post([refused[2]!])).text, /no machine 200/)
    } finally {
      await control.close()
    }
  })
})

test.group('Edge command | simulate', () => {
  for (const [option, value] of [
    ['miners', '1.5'],
    ['miners', '0'],
    ['seed', '-1'],
    ['port-offset', '65000'],
    ['base', '127.0.0'],
  ] as const) {
    test(`names the option that is wrong: --${option} ${value}`, async ({ assert }) => {
      let words = ''
      const terminal = {
        out: () => {},
        err: (text: string) => (words += text),
        isWatched: false,
        signal: AbortSignal.abort(),
      }
      const code = await main(['simulate', `--${option}=${value}`], COMMANDS, terminal)
      assert.equal(code, 2)
      assert.include(words, `--${option}:`)
    })
  }
})
