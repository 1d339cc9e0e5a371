import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { main } from '../src/cli/main.js'
import { COMMANDS } from '../src/cli/commands.js'
import { serveControl } from '../src/simulator/control.js'
import type { FaultRow, Group } from '../src/simulator/fleet_file.js'
import { antminers, openSimulatedSite, type SimulatedSite } from './support/simulated_site.js'

const NET = '127.32.0'

test.group('Simulator | on the network', (group) => {
  let site: SimulatedSite
  const open = async (given: { groups?: Group[]; faults?: FaultRow[] } = {}) =>
    (site = await openSimulatedSite({ groups: antminers(NET, 3), ...given }))
  group.each.teardown(() => site.close())

  test('is found by a scan, each machine by its MAC', async ({ assert }) => {
    const { scan, fleet } = await open()
    const { found } = await scan(`${NET}.0/28`)
    assert.deepEqual(
      found.map(({ miner, driver, model }) => [miner, driver, model]).sort(),
      [...fleet.machines()].map(({ mac }) => [`mac:${mac}`, 'antminer', 'S21']).sort()
    )
  })

  test('is read as it is', async ({ assert }) => {
    const { read, fleet } = await open()
    const record = await read(0)
    const moment = fleet.machine(0).now()
    assert.equal(record.outcome, 'ok')
    assert.equal(record.state, 'mining')
    // Two digits of GH/s, whole watts, whole degrees.
    assert.closeTo(record.hashrate_ths!, moment.hashrateThs, 1e-4)
    assert.closeTo(record.wattage_w!, moment.powerW, 0.51)
    assert.equal(record.shares_accepted, moment.accepted)
    assert.equal(record.uptime_s, moment.elapsedS)
    assert.deepEqual(record.fans, moment.fans)
    assert.deepEqual(
      record.hashboards!.map(({ chips_working: chips, serial_number: serial }) => [chips, serial]),
      moment.boards.map(({ chipsWorking, serial }) => [chipsWorking, serial])
    )
    for (const [slot, board] of record.hashboards!.entries()) {
      assert.closeTo(board.temp_chip_c!, moment.boards[slot]!.chipC, 1.5)
    }
    assert.equal(record.pools![0]!.user, moment.pools[0]!.user)
  })

  test('does what it is told, which a later read confirms', async ({ assert }) => {
    const { read, act, clock, commands, fleet } = await open()
    assert.isTrue((await act(0, { type: 'pause' })).accepted)
    clock.advance(60)
    const asleep = await read(0)
    assert.equal(asleep.state, 'paused')
    assert.isNull(asleep.hashrate_ths)
    await act(0, { type: 'resume' })
    clock.advance(700)
    assert.equal((await read(0)).state, 'mining')
    await act(0, { type: 'set_power_mode', mode: 'low' })
    clock.advance(700)
    assert.deepEqual((await read(0)).tuning_target, { type: 'mode', value: 'low' })
    await act(0, { type: 'locate', on: true })
    assert.isTrue((await read(0)).fault_light)
    const pools = [{ url: 'stratum+tcp://new.example:1', user: 'w', password: 'y' }]
    await act(0, { type: 'set_pools', pools })
    assert.equal((await read(0)).pools![0]!.url, 'stratum+tcp://new.example:1')
    await act(0, { type: 'reboot' })
    clock.advance(5)
    assert.equal((await read(0)).outcome, 'api_down')
    clock.advance(100)
    assert.isBelow((await read(0)).uptime_s ?? 0, 101)
    assert.deepEqual(
      commands.map(({ command, result }) => `${command} ${result}`),
      ['pause', 'resume', 'set_power_mode', 'locate', 'set_pools', 'reboot'].map(
        (name) => `${name} done`
      )
    )
    assert.deepEqual([...new Set(commands.map(({ ip }) => ip))], [fleet.machine(0).ip])
  })

  test('lets nobody in with another password', async ({ assert }) => {
    const faults: FaultRow[] = [{ kind: 'password_changed', atS: 0, indexes: [0], becomes: 'new' }]
    const { read, readAs, act, commands } = await open({ faults })
    const record = await read(0)
    assert.isTrue(record.problems.some(({ kind }) => kind === 'auth'))
    const { accepted } = await act(0, { type: 'pause' })
    assert.isFalse(accepted)
    assert.deepEqual([...new Set(commands.map(({ result }) => result))], ['denied'])
    assert.isNull((await readAs(0, { user: 'root', password: 'new' })).problems[0] ?? null)
  })

  test('may say yes and do nothing, or do it and say nothing', async ({ assert }) => {
    const faults: FaultRow[] = [
      { kind: 'no_effect', atS: 0, indexes: [0] },
      { kind: 'lost_reply', atS: 0, indexes: [1] },
    ]
    const { read, act, clock, commands } = await open({ faults })
    assert.isTrue((await act(0, { type: 'pause' })).accepted)
    assert.isNull((await act(1, { type: 'pause' })).accepted)
    clock.advance(60)
    assert.equal((await read(0)).state, 'mining')
    assert.equal((await read(1)).state, 'paused')
    // A command whose answer was lost was sent once.
    assert.lengthOf(
      commands.filter(({ ip }) => ip.endsWith('.2')),
      1
    )
  })

  test('has the faults of the wire, and the collector names them', async ({ assert }) => {
    const faults: FaultRow[] = (
      [
        'silent',
        'refused',
        'half_answer',
        'truncated',
        'reset',
        'broken_json',
        'flood',
        'dribble',
      ] as const
    ).map((kind, index) => ({ kind, atS: 0, indexes: [index] }))
    const groups = [{ model: 'Antminer S19 Pro', count: 8, base: `${NET}.1` }]
    const { readAs } = await open({ groups, faults })
    const kinds = async (index: number) => {
      const { outcome, problems, hashrate_ths: ths } = await readAs(index, null)
      return { outcome, kinds: [...new Set(problems.map(({ kind }) => kind))], ths }
    }
    assert.equal((await kinds(0)).outcome, 'unreachable')
    assert.deepEqual((await kinds(1)).kinds, ['refused'])
    assert.deepEqual((await kinds(2)).kinds, ['timeout'])
    assert.include((await kinds(3)).kinds, 'truncated')
    assert.deepEqual((await kinds(4)).kinds, ['reset'])
    // What can be repaired is read.
    assert.closeTo((await kinds(5)).ths!, 110, 10)
    assert.include((await kinds(6)).kinds, 'too_large')
  }).timeout(30_000)

  test('stands beside things that are no miners and are not taken for some', async ({ assert }) => {
    const strangers = ['printer', 'router', 'blog', 'web_server', 'ssh'] as const
    const groups: Group[] = [
      { model: 'Antminer S21', count: 1, base: `${NET}.1` },
      ...strangers.map((stranger, place) => ({ stranger, count: 1, base: `${NET}.${place + 2}` })),
    ]
    const { scan } = await open({ groups })
    const { found, others } = await scan(`${NET}.0/28`)
    assert.deepEqual(
      found.map(({ ip }) => ip),
      [`${NET}.1`]
    )
    assert.equal(others, strangers.length)
  }).timeout(30_000)

  test('can be looked into and changed on this machine', async ({ assert }) => {
    const { fleet } = await open()
    const control = await serveControl(fleet, 0)
    const ask = async (path: string, body?: unknown) => {
      const answer = await fetch(
        `http://127.0.0.1:${control.port}${path}`,
        body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
      )
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
    }
    try {
      const { body: state } = await ask('/state')
      assert.equal(state.mining, 3)
      assert.closeTo(state.powerW, 3 * 3500, 300)
      const { body: miner } = await ask(`/miner/${NET}.2`)
      assert.equal(miner.mac, fleet.machine(1).mac)
      await ask('/faults', [{ kind: 'curtailment', atS: 10, indexes: [0, 1, 2] }])
      await ask('/time', { advance_s: 120 })
      assert.isBelow((await ask('/state')).body.powerW, 300)
      await ask('/ambient', { warmer_c: 10 })
      assert.equal((await ask('/faults', [{ kind: 'earthquake', atS: 0 }])).status, 422)
      assert.equal((await ask('/time', { advance_s: -5 })).status, 422)
      assert.equal((await ask(`/miner/${NET}.99`)).status, 404)
    } finally {
      await control.close()
    }
  })
})

test.group('Edge command | simulate', () => {
  test('plays a site until its time is over, and writes down the truth', async ({ assert }) => {
    const folder = mkdtempSync(join(tmpdir(), 'hi-simulate-'))
    try {
      const scenario = join(folder, 'scenario.json')
      const truth = join(folder, 'truth.jsonl')
      writeFileSync(scenario, JSON.stringify([{ kind: 'fan', atS: 5, of: 1, slot: 0 }]))
      const said = { out: '', err: '' }
      const stop = new AbortController()
      let reached: Promise<boolean> = Promise.resolve(false)
      const args = ['--miners', '4', '--models', 'Antminer S21', '--base', '127.33.0.1']
      const code = await main(
        ['simulate', ...args, '--port-offset', '21000', '--scenario', scenario, '--truth', truth],
        COMMANDS,
        {
          out: (text) => {
            said.out += text
            reached = isOpen('127.33.0.4', 25_028).finally(() => stop.abort())
          },
          err: (text) => (said.err += text),
          isWatched: false,
          signal: stop.signal,
        }
      )
      assert.equal(code, 0, said.err)
      assert.match(said.out, /^4 miners, \d+ TH\/s; ports rpc=25028,http=21080,v3=25433/)
      assert.isTrue(await reached)
      assert.lengthOf(readFileSync(truth, 'utf8').trim().split('\n'), 4)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('says in a line what it cannot do', async ({ assert }) => {
    const run = async (...args: string[]) => {
      let err = ''
      const signal = AbortSignal.abort()
      const terminal = {
        out: () => {},
        err: (text: string) => (err += text),
        isWatched: false,
        signal,
      }
      return { code: await main(['simulate', ...args], COMMANDS, terminal), err }
    }
    assert.match((await run('--base', '10.0.0.1')).err, /groups\.0\.base bad_form/)
    assert.match((await run('--models', 'S99')).err, /no model "S99"/)
    assert.match((await run('--speed', 'fast')).err, /--speed: "fast" is no number/)
    assert.match((await run('--fleet', '/nowhere.json')).err, /nowhere\.json/)
  })
})

const isOpen = (host: string, port: number) =>
  new Promise<boolean>((done) => {
    const socket = connect(port, host)
    socket.on('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', () => done(false))
  })
