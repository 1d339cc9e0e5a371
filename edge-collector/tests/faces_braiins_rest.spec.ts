import { test } from '@japa/runner'
import { braiinsRest } from '../src/simulator/faces/braiins_rest/index.js'
import type { FakeMachine } from './support/faces_machine.js'
import { EFFECTS, familySuite, isPaused } from './support/faces_suite.js'

const ask = (machine: FakeMachine, question: string, body: unknown, token = '') => {
  const [method = '', path = ''] = question.split(' ')
  const reply = braiinsRest.http!(machine, {
    method,
    path: `/api/v1/${path}`,
    headers: { authorization: token },
    body: JSON.stringify(body) ?? '',
  })
  return { status: reply.status, body: parsed(String(reply.body)) }
}
const parsed = (text: string): any => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
const tokenOf = (machine: FakeMachine): string =>
  ask(machine, 'POST auth/login', { username: 'root', password: 'root' }).body.token

familySuite(
  {
    face: braiinsRest,
    model: 'Antminer S19j Pro (Braiins)',
    modelRead: 'S19j Pro',
    make: 'Antminer',
    tells: {
      fields: [
        'hashrate_ths',
        'hashrate_avg_ths',
        'expected_hashrate_ths',
        'wattage_w',
        'uptime_s',
        'system_uptime_s',
        'shares_accepted',
        'shares_rejected',
        'shares_stale',
        'mac',
        'hostname',
        'serial_number',
        'firmware_version',
        'fault_light',
      ],
      boards: [
        'slot',
        'active',
        'hashrate_ths',
        'hashrate_avg_ths',
        'expected_hashrate_ths',
        'chips_working',
        'temp_board_c',
        'temp_chip_max_c',
        'frequency_mhz',
        'voltage_v',
        'serial_number',
      ],
      pools: ['url', 'user', 'alive', 'active', 'accepted', 'rejected', 'stale'],
    },
    lost: ({ hashboards }, assert) => {
      assert.deepEqual(
        hashboards?.map(({ slot, slot_label: label }) => [slot, label]),
        [
          [0, '1'],
          [2, '3'],
        ]
      )
    },
    hidden: [
      ['powerW', 'wattage_w'],
      ['hashrateThs', 'hashrate_ths'],
      ['accepted', 'shares_accepted'],
      ['fans', 'fans'],
      ['boards', 'hashboards'],
      ['pools', 'pools'],
    ],
    paused: isPaused,
    effects: [
      EFFECTS.reboot,
      EFFECTS.restart,
      EFFECTS.pause,
      EFFECTS.limit,
      EFFECTS.locate,
      EFFECTS.pools,
      [
        { type: 'set_hashrate_target', ths: 88 },
        (r, assert) => {
          assert.deepEqual(r.tuning_target, { type: 'hashrate', value: 88 })
          assert.isNull(r.wattage_limit_w)
          assert.closeTo(r.expected_hashrate_ths!, 88, 0.01)
        },
      ],
    ],
    guarded: { type: 'pause' },
    isPrivate: true,
  },
  (miner) => {
    test('without a password it is known by its page and no more', async ({ assert }) => {
      const examined = await miner().scan(null)
      assert.containSubset(examined?.found, { driver: 'braiins_rest', firmwareFamily: 'braiins' })
      assert.equal(examined?.record.outcome, 'partial')
    })

    test('a stopped one is started, a paused one resumed', async ({ assert }) => {
      const { machine } = miner()
      const token = tokenOf(machine)
      ask(machine, 'PUT actions/stop', undefined, token)
      assert.equal(ask(machine, 'GET miner/details', undefined, token).body.status, 1)
      assert.equal(ask(machine, 'PUT actions/resume', undefined, token).status, 400)
      assert.equal((await miner().act({ type: 'resume' })).detail, 'actions/start')
      assert.equal((await miner().read()).state, 'mining')
      await miner().act({ type: 'pause' })
      assert.equal((await miner().act({ type: 'resume' })).detail, 'actions/resume')
      assert.equal((await miner().read()).state, 'mining')
    })

    test('it says why it refuses', async ({ assert }) => {
      const result = await miner().act({ type: 'set_power_limit', watts: 9 })
      assert.isFalse(result.accepted)
      assert.include(result.detail, 'power target out of range')
      assert.isEmpty(miner().machine.orders)
    })

    test('too hot is suspended, and starting is not mining', async ({ assert }) => {
      const { machine } = miner()
      machine.moment = { ...machine.moment, phase: 'tripped' }
      assert.isFalse((await miner().read()).is_mining)
      machine.moment = { ...machine.moment, phase: 'starting', uptimeS: 100 }
      assert.equal((await miner().read()).state, 'starting')
      machine.moment = { ...machine.moment, uptimeS: 1000 }
      assert.equal((await miner().read()).state, 'tuning')
    })

    test('a token ends after an hour, and nonsense is refused', ({ assert }) => {
      const { machine } = miner()
      const token = tokenOf(machine)
      const put = (path: string, body: unknown) => ask(machine, `PUT ${path}`, body, token).status
      assert.equal(put('actions/locate', 'yes'), 400)
      assert.equal(put('pools/batch', []), 400)
      assert.equal(put('pools/batch', [{ name: 'a', pools: [{ url: 'ftp://x' }] }]), 400)
      assert.equal(put('performance/hashrate-target', { terahash_per_second: 1e9 }), 400)
      assert.equal(put('actions/fly', true), 404)
      machine.moment = { ...machine.moment, at: machine.moment.at + 3_600_000 }
      assert.equal(put('actions/locate', true), 401)
      assert.isEmpty(machine.orders)
      assert.deepEqual(machine.denials, ['actions/locate: no token'])
    })
  }
)
