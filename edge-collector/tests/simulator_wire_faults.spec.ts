import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from '@japa/runner'
import { slowMs } from '../src/simulator/delivery.js'
import type { FaultRow, Group } from '../src/simulator/fleet_file.js'
import { Random } from '../src/simulator/random.js'
import { antminers, openSimulatedSite, type SimulatedSite } from './support/simulated_site.js'

const NET = '127.34.0'

const percentile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)]!

test.group('Simulator | faults between miner and collector', (group) => {
  let site: SimulatedSite
  const open = async (faults: FaultRow[], groups = antminers(NET, 2)) =>
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
    assert.deepEqual(outcomes, ['unreachable', 'ok', 'unreachable', 'ok'])
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
    assert.deepEqual(await seen(0), ['timeout', 'truncated', 'reset', 'too_large', 'refused'])
    assert.deepEqual(await seen(kinds.length + 1), [
      'timeout',
      'truncated',
      'reset',
      'too_large',
      'refused',
    ])
  }).timeout(30_000)
})
