import { test } from '@japa/runner'
import { axeos } from '../src/simulator/faces/axeos/index.js'
import { type FakeMachine, momentOf } from './support/faces_machine.js'
import { EFFECTS, type Family, familySuite, isPaused, POOL } from './support/faces_suite.js'

const COMMON = {
  face: axeos,
  tells: {
    fields: [
      'hashrate_ths',
      'wattage_w',
      'system_uptime_s',
      'shares_accepted',
      'shares_rejected',
      'mac',
      'hostname',
      'firmware_version',
    ],
    boards: [
      'slot',
      'hashrate_ths',
      'chips_working',
      'temp_board_c',
      'temp_chip_c',
      'frequency_mhz',
      'voltage_v',
    ],
    pools: ['url', 'user', 'active'],
  },
  lost: (reading, assert) => {
    assert.equal(reading.state, 'fault')
    assert.containSubset(reading.errors, [{ code: 'hardware_fault' }])
  },
  hidden: [
    ['powerW', 'wattage_w'],
    ['hashrateThs', 'hashrate_ths'],
    ['fans', 'fans'],
  ],
  guarded: null,
} satisfies Partial<Family>

const reboot: Family['effects'] = [
  EFFECTS.reboot,
  [
    { type: 'set_pools', pools: [POOL, { ...POOL, user: 'second' }] },
    (r, assert) => {
      assert.deepEqual(
        r.pools?.map(({ url, user }) => [url, user]),
        [
          [POOL.url, POOL.user],
          [POOL.url, 'second'],
        ]
      )
    },
  ],
]

const patch = (machine: FakeMachine, body: unknown) =>
  axeos.http!(machine, {
    method: 'PATCH',
    path: '/api/system',
    headers: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }).status

familySuite(
  {
    ...COMMON,
    model: 'Bitaxe Supra',
    modelRead: 'Supra',
    make: 'Bitaxe',
    tells: {
      ...COMMON.tells,
      fields: [...COMMON.tells.fields, 'hashrate_avg_ths', 'expected_hashrate_ths'],
      boards: [...COMMON.tells.boards, 'expected_hashrate_ths'],
    },
    paused: isPaused,
    effects: [...reboot, [{ type: 'pause' }, isPaused]],
  },
  (miner) => {
    test('resume wakes it, and its display shows where it is', async ({ assert }) => {
      const { machine } = miner()
      await miner().act({ type: 'pause' })
      await miner().act({ type: 'resume' })
      assert.equal((await miner().read()).state, 'mining')
      assert.isTrue((await miner().act({ type: 'locate', on: true })).accepted)
      assert.isTrue(machine.moment.isLocating)
    })

    test('settings are taken one by one and count from the next start', async ({ assert }) => {
      const { machine } = miner()
      assert.equal(patch(machine, { stratumUser: 'me', fanspeed: 50 }), 200)
      assert.equal(machine.moment.pools[0]?.user, 'site.7')
      await miner().act({ type: 'reboot' })
      assert.deepInclude(machine.moment.pools[0], {
        url: 'stratum+tcp://one.example:3333',
        user: 'me',
      })
      assert.equal(patch(machine, { stratumPort: 99_999 }), 400)
      assert.equal(patch(machine, { stratumURL: 5 }), 400)
      assert.equal(patch(machine, 'no JSON'), 400)
    })

    test('too hot is a fault', async ({ assert }) => {
      const { machine } = miner()
      machine.moment = { ...momentOf(machine.model), phase: 'tripped', hashrateThs: 0 }
      const reading = await miner().read()
      assert.equal(reading.state, 'fault')
      assert.equal(reading.errors?.[0]?.code, 'overheat_mode')
    })
  }
)

familySuite(
  {
    ...COMMON,
    model: 'NerdQAxe++',
    modelRead: 'NerdQAxe++',
    make: 'NerdAxe',
    isMining: null,
    paused: null,
    effects: reboot,
  },
  (miner) => {
    test('it cannot be paused', async ({ assert }) => {
      const result = await miner().act({ type: 'pause' })
      assert.isFalse(result.accepted)
      assert.notInclude((await miner().read()).capabilities, 'pause')
    })
  }
)
