import { test } from '@japa/runner'
import { braiinsGraphql } from '../src/simulator/faces/braiins_graphql/index.js'
import { FakeMachine } from './support/faces_machine.js'
import { EFFECTS, familySuite, POOL } from './support/faces_suite.js'

const ask = (machine: FakeMachine, query: string, variables = {}, cookie = '') => {
  const reply = braiinsGraphql.http!(machine, {
    method: 'POST',
    path: '/graphql',
    headers: { cookie },
    body: JSON.stringify({ query, variables }),
  })
  return { answer: JSON.parse(String(reply.body)), cookie: reply.headers?.['set-cookie'] ?? '' }
}
const LOGIN = 'mutation { auth { login(username: "root", password: "") { __typename } } }'
const cookieOf = (machine: FakeMachine) => ask(machine, LOGIN).cookie.split(';')[0]!

familySuite(
  {
    face: braiinsGraphql,
    model: 'Antminer S19 (Braiins 23)',
    modelRead: 'S19',
    make: 'Antminer',
    tells: {
      fields: [
        'hashrate_ths',
        'expected_hashrate_ths',
        'wattage_w',
        'system_uptime_s',
        'mac',
        'hostname',
        'firmware_version',
        'fault_light',
      ],
      boards: [
        'slot',
        'active',
        'hashrate_ths',
        'expected_hashrate_ths',
        'chips_working',
        'temp_board_c',
        'temp_chip_max_c',
        'frequency_mhz',
        'voltage_v',
      ],
      pools: ['url', 'user', 'alive', 'active', 'accepted', 'rejected'],
    },
    lost: ({ hashboards, errors }, assert) => {
      assert.deepEqual(
        hashboards?.map(({ slot }) => slot),
        [0, 2]
      )
      assert.containSubset(errors, [{ code: 'board-1', severity: 'error' }])
    },
    hidden: [
      ['powerW', 'wattage_w'],
      ['hashrateThs', 'hashrate_ths'],
      ['uptimeS', 'system_uptime_s'],
      ['fans', 'fans'],
      ['boards', 'hashboards'],
      ['pools', 'pools'],
    ],
    // Its process is not there; whether on purpose nobody knows.
    paused: ({ is_mining: isMining, hashboards }, assert) => {
      assert.isFalse(isMining)
      assert.isNull(hashboards)
    },
    effects: [
      EFFECTS.reboot,
      [{ type: 'restart_mining' }, () => {}],
      [{ type: 'pause' }, (r, assert) => assert.isFalse(r.is_mining)],
      EFFECTS.limit,
      EFFECTS.locate,
      EFFECTS.pools,
    ],
    guarded: { type: 'pause' },
    isPrivate: true,
  },
  (miner) => {
    test('resume starts it', async ({ assert }) => {
      await miner().act({ type: 'pause' })
      const restart = await miner().act({ type: 'restart_mining' })
      assert.isFalse(restart.accepted)
      assert.include(restart.detail, 'BOSminer is not running')
      assert.isTrue((await miner().act({ type: 'resume' })).accepted)
      assert.equal((await miner().read()).state, 'mining')
    })

    test('without a password it is known by its page and no more', async ({ assert }) => {
      const examined = await miner().scan(null)
      assert.containSubset(examined?.found, { firmwareFamily: 'braiins', make: 'Antminer' })
    })

    test('nothing is told or done without a session', ({ assert }) => {
      const { machine } = miner()
      const { answer } = ask(machine, '{ bos { hostname } }')
      assert.deepEqual(answer, { data: null, errors: [{ message: 'Unauthorized' }] })
      assert.isEmpty(machine.denials)
      ask(machine, 'mutation { bos { reboot { __typename } } }', {}, 'session_id=guess')
      assert.deepEqual(machine.denials, ['graphql: no session'])
      assert.isEmpty(machine.orders)
    })

    test('questions of anybody’s making are understood', ({ assert }) => {
      const { machine } = miner()
      const query = `query x($a: Int) { # all of it
        name: bos { hostname }
        bosminer { info { fans { rpm } } config { ... on BosminerConfig { autotuning { powerTarget } }
          ... on BosminerError { message } } }
      }`
      assert.deepEqual(ask(machine, query, {}, cookieOf(machine)).answer.data, {
        name: { hostname: 'sim-7' },
        bosminer: {
          info: { fans: machine.moment.fans.map(({ rpm }) => ({ rpm })) },
          config: { autotuning: { powerTarget: 3250 } },
        },
      })
      for (const bad of ['{ bos { nothing } }', '{ bos {', 'subscription { x }', '']) {
        assert.isNotEmpty(ask(machine, bad, {}, cookieOf(machine)).answer.errors, bad)
      }
    })

    test('pools count from the next start, and a bad one is refused', async ({ assert }) => {
      const { machine } = miner()
      const groups = [{ name: 'a', pools: [POOL] }]
      const set = `mutation g($groups: [Group!]!) { bosminer { config {
        updateGroups(groups: $groups) { __typename ... on GroupListError { message } } } } }`
      ask(machine, set, { groups }, cookieOf(machine))
      assert.isEmpty(machine.orders)
      ask(machine, 'mutation { bosminer { restart { __typename } } }', {}, cookieOf(machine))
      assert.deepEqual(
        machine.orders.map(({ type }) => type),
        ['set_pools', 'restart_mining']
      )
      const bad = [{ name: 'a', pools: [{ ...POOL, url: 'nowhere' }] }]
      const { answer } = ask(machine, set, { groups: bad }, cookieOf(machine))
      assert.equal(answer.data.bosminer.config.updateGroups.message, 'Invalid pool')
    })
  }
)

test.group('Simulator | Braiins OS of 25.03', () => {
  test('tells serial numbers, which older ones do not know', ({ assert }) => {
    const query =
      '{ bosminer { info { workSolver { childSolvers { hwDetails { hbSerialNumber } } } } } }'
    const old = new FakeMachine('Antminer S19 (Braiins 23)')
    assert.match(ask(old, query, {}, cookieOf(old)).answer.errors[0].message, /Unknown field/)
    const fresh = Object.assign(new FakeMachine('Antminer S19 (Braiins 23)'), {
      firmwareVersion: '2025-04-07-0-424f9a7f-25.03-plus',
    })
    const { answer } = ask(fresh, query, {}, cookieOf(fresh))
    assert.equal(
      answer.data.bosminer.info.workSolver.childSolvers[2].hwDetails.hbSerialNumber,
      'SIMB0000072'
    )
  })
})
