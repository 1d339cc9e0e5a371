import { test } from '@japa/runner'
import { epic } from '../src/simulator/faces/epic/index.js'
import type { FakeMachine } from './support/faces_machine.js'
import { EFFECTS, familySuite, isPaused } from './support/faces_suite.js'

const post = (machine: FakeMachine, path: string, param: unknown, password = 'letmein') => {
  const body = JSON.stringify({ param, password })
  return JSON.parse(
    String(epic.rpcHttp!(machine, { method: 'POST', path, headers: {}, body }).body)
  )
}

familySuite(
  {
    face: epic,
    model: 'Antminer S19 XP (ePIC)',
    modelRead: 'S19 XP',
    make: 'Antminer',
    tells: {
      fields: [
        'hashrate_ths',
        'hashrate_avg_ths',
        'expected_hashrate_ths',
        'wattage_w',
        'uptime_s',
        'shares_accepted',
        'shares_rejected',
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
        'chips_working',
        'temp_board_c',
        'frequency_mhz',
        'voltage_v',
        'serial_number',
      ],
      pools: ['url', 'user', 'active'],
    },
    lost: ({ hashboards }, assert) => {
      assert.containSubset(hashboards?.[1], {
        slot: 1,
        present: false,
        active: false,
        chips_working: 0,
        hashrate_ths: null,
      })
      assert.equal(hashboards?.[2]?.serial_number, 'SIMB0000072')
    },
    hidden: [
      ['powerW', 'wattage_w'],
      ['hashrateAvgThs', 'hashrate_avg_ths'],
      ['fans', 'fans'],
      ['boards', 'hashboards'],
      ['pools', 'pools'],
    ],
    paused: isPaused,
    effects: [
      [{ type: 'reboot' }, (r, assert) => assert.equal(r.uptime_s, 15)],
      EFFECTS.restart,
      EFFECTS.pause,
      EFFECTS.locate,
      EFFECTS.pools,
      [
        { type: 'set_power_limit', watts: 2500 },
        (r, assert) => assert.deepEqual(r.tuning_target, { type: 'power', value: 2500 }),
      ],
      [
        { type: 'set_hashrate_target', ths: 120 },
        (r, assert) => assert.deepEqual(r.tuning_target, { type: 'hashrate', value: 120 }),
      ],
    ],
    guarded: { type: 'pause' },
  },
  (miner) => {
    test('resume wakes it', async ({ assert }) => {
      await miner().act({ type: 'pause' })
      assert.isTrue((await miner().act({ type: 'resume' })).accepted)
      assert.equal((await miner().read()).state, 'mining')
    })

    test('too hot is idle with a reason, starting is starting', async ({ assert }) => {
      const { machine } = miner()
      const faults = [{ kind: 'overheat' as const, slot: null, since: machine.moment.at }]
      machine.moment = { ...machine.moment, phase: 'tripped', faults }
      const reading = await miner().read()
      assert.isFalse(reading.is_mining)
      assert.equal(reading.errors?.[0]?.message, 'Shutdown temperature exceeded')
      machine.moment = { ...machine.moment, phase: 'starting', faults: [] }
      assert.equal((await miner().read()).state, 'starting')
    })

    test('it refuses with status 200', ({ assert }) => {
      const { machine } = miner()
      for (const [path, param] of [
        ['/miner', 'Fly'],
        ['/identify', 'yes'],
        ['/coin', { coin: 'DOGE' }],
        ['/coin', { coin: 'BTC', stratum_configs: [] }],
        ['/perpetualtune/algo', { algo: 'Guess', target: 1 }],
        ['/perpetualtune/algo', { algo: 'PowerTune', target: 99_999 }],
      ] as [string, unknown][]) {
        const answer = post(machine, path, param)
        assert.isFalse(answer.result, path)
        assert.isString(answer.error)
      }
      assert.isEmpty(machine.orders)
      assert.isEmpty(machine.denials)
    })
  }
)
