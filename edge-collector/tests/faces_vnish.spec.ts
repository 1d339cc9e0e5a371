import { test } from '@japa/runner'
import { vnish } from '../src/simulator/faces/vnish/index.js'
import { uptimeText } from '../src/simulator/faces/vnish/parts.js'
import type { FakeMachine } from './support/faces_machine.js'
import { EFFECTS, familySuite, isPaused, POOL } from './support/faces_suite.js'

const post = (machine: FakeMachine, path: string, body: unknown, authorization = '') =>
  vnish.http!(machine, {
    method: 'POST',
    path: `/api/v1/${path}`,
    headers: { authorization },
    body: JSON.stringify(body),
  })
const tokenOf = (machine: FakeMachine) =>
  JSON.parse(String(post(machine, 'unlock', { pw: 'admin' }).body)).token

familySuite(
  {
    face: vnish,
    model: 'Antminer S19j Pro (VNish)',
    modelRead: 'S19j Pro',
    make: 'Antminer',
    tells: {
      fields: [
        'hashrate_ths',
        'hashrate_avg_ths',
        'expected_hashrate_ths',
        'wattage_w',
        'system_uptime_s',
        'hardware_errors',
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
        'expected_hashrate_ths',
        'temp_board_c',
        'temp_chip_min_c',
        'temp_chip_max_c',
        'frequency_mhz',
        'voltage_v',
        'serial_number',
        'hw_errors',
      ],
      pools: ['url', 'user', 'alive', 'active', 'accepted', 'rejected', 'stale'],
    },
    lost: ({ hashboards }, assert) => {
      assert.containSubset(hashboards?.[1], { slot: 1, active: false, temp_board_c: null })
      assert.isTrue(hashboards?.[2]?.active)
    },
    hidden: [
      ['powerW', 'wattage_w'],
      ['hashrateThs', 'hashrate_ths'],
      ['uptimeS', 'system_uptime_s'],
      ['fans', 'fans'],
      ['boards', 'hashboards'],
      ['pools', 'pools'],
    ],
    paused: isPaused,
    effects: [
      [{ type: 'reboot' }, (r, assert) => assert.equal(r.system_uptime_s, 0)],
      [{ type: 'restart_mining' }, () => {}],
      EFFECTS.pause,
      EFFECTS.locate,
      EFFECTS.pools,
      [
        { type: 'set_power_limit', watts: 2500 },
        (r, assert) => {
          assert.isAtMost(r.wattage_limit_w!, 2500)
          assert.isAbove(r.wattage_limit_w!, 2300)
          assert.deepEqual(r.tuning_target, { type: 'profile', value: String(r.wattage_limit_w) })
        },
      ],
    ],
    guarded: { type: 'pause' },
    isPrivate: true,
  },
  (miner) => {
    test('a scan without a password knows it as well', async ({ assert }) => {
      const examined = await miner().scan(null)
      assert.containSubset(examined?.found, { driver: 'vnish', model: 'S19j Pro' })
    })

    test('too hot is a failure with its reason', async ({ assert }) => {
      const { machine } = miner()
      const faults = [{ kind: 'overheat' as const, slot: null, since: machine.moment.at }]
      machine.moment = { ...machine.moment, phase: 'tripped', faults }
      const reading = await miner().read()
      assert.equal(reading.state, 'fault')
      assert.deepInclude(reading.errors?.[0], {
        code: '33',
        message: 'Chip temperature is too high',
      })
      machine.moment = { ...machine.moment, phase: 'starting', faults: [] }
      assert.equal((await miner().read()).state, 'starting')
    })

    test('a preset that there is not is ignored with a friendly answer', async ({ assert }) => {
      const { machine } = miner()
      const reply = post(
        machine,
        'settings',
        { miner: { overclock: { preset: '9' } } },
        tokenOf(machine)
      )
      assert.equal(reply.status, 200)
      assert.isEmpty(machine.orders)
      const result = await miner().act({ type: 'set_profile', name: '9' })
      assert.isFalse(result.accepted)
      assert.include(result.detail, 'ignored')
    })

    test('a token ends, and without one nothing is changed', ({ assert }) => {
      const { machine } = miner()
      const token = tokenOf(machine)
      assert.equal(post(machine, 'find-miner', { on: true }, `Bearer ${token}`).status, 200)
      assert.equal(post(machine, 'find-miner', { on: 'yes' }, token).status, 400)
      assert.include(String(post(machine, 'find-miner', {}, token).body), 'false')
      machine.moment = { ...machine.moment, at: machine.moment.at + 3_600_000 }
      assert.equal(post(machine, 'settings', { miner: { pools: [POOL] } }, token).status, 401)
      assert.deepEqual(machine.orders, [
        { type: 'locate', on: true },
        { type: 'locate', on: false },
      ])
      assert.deepEqual(machine.denials, ['settings: no token'])
    })

    test('its uptime is a text', ({ assert }) => {
      assert.equal(uptimeText(100_800), '1 days, 4:00')
      assert.equal(uptimeText(65_220), '18:07')
    })
  }
)
