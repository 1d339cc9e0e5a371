import { test } from '@japa/runner'
import { decrypt, toEncrypted, toKeys } from '../src/drivers/whatsminer/crypto.js'
import type { Moment } from '../src/simulator/contract.js'
import { whatsminer } from '../src/simulator/faces/whatsminer/index.js'
import { whatsminerV3 } from '../src/simulator/faces/whatsminer_v3/index.js'
import type { Tells } from './support/faces_check.js'
import type { FakeMachine } from './support/faces_machine.js'
import { EFFECTS, type Family, familySuite, isPaused } from './support/faces_suite.js'

const TELLS: Tells = {
  fields: [
    'hashrate_ths',
    'hashrate_avg_ths',
    'expected_hashrate_ths',
    'wattage_w',
    'uptime_s',
    'temp_inlet_c',
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
    'temp_chip_c',
    'temp_chip_min_c',
    'temp_chip_max_c',
    'frequency_mhz',
    'serial_number',
  ],
  pools: ['url', 'user', 'alive', 'active'],
}

const COMMON = {
  make: 'WhatsMiner',
  paused: isPaused,
  hidden: [
    ['powerW', 'wattage_w'],
    ['hashrateThs', 'hashrate_ths'],
    ['pools', 'pools'],
  ],
  guarded: { type: 'pause' },
} satisfies Partial<Family>

const { reboot, restart, pause, limit, pools, locate } = EFFECTS

familySuite(
  {
    ...COMMON,
    face: whatsminer,
    model: 'M50S_VH30',
    modelRead: 'M50S VH30',
    tells: {
      ...TELLS,
      fields: [...TELLS.fields, 'system_uptime_s', 'shares_accepted', 'shares_rejected'],
      pools: [...TELLS.pools, 'accepted', 'rejected', 'stale'],
    },
    // The machine does not list it and says why.
    lost: ({ hashboards, errors }, assert) => {
      assert.deepEqual(
        hashboards?.map(({ slot }) => slot),
        [0, 2]
      )
      assert.containSubset(errors, [{ code: '531', component: 'hashboard' }])
    },
    hidden: [
      ['hashrateAvgThs', 'hashrate_avg_ths'],
      ...COMMON.hidden.slice(0, 1),
      ['inletC', 'temp_inlet_c'],
      ['pools', 'pools'],
    ],
    effects: [reboot, restart, pause, limit, pools, locate],
  },
  (miner) => {
    test('a change of the power mode is obeyed without a word', async ({ assert }) => {
      const result = await miner().act({ type: 'set_power_mode', mode: 'low' })
      assert.isNull(result.accepted)
      assert.equal(miner().machine.moment.mode, 'low')
    })

    test('resume wakes it', async ({ assert }) => {
      await miner().act({ type: 'pause' })
      await miner().act({ type: 'resume' })
      assert.equal((await miner().read()).state, 'mining')
    })

    test('it says how its API is opened while that is closed', async ({ assert }) => {
      const { machine } = miner()
      machine.account = { user: 'admin', password: '' }
      const result = await miner().act({ type: 'pause' }, { user: 'admin', password: 'admin' })
      assert.isFalse(result.accepted)
      assert.include(result.detail, "can't access write cmd")
      assert.isEmpty(machine.orders)
    })

    test('starting is not mining yet, too hot is off', async ({ assert }) => {
      const { machine } = miner()
      machine.moment = { ...machine.moment, phase: 'starting', hashrateThs: 0 }
      assert.equal((await miner().read()).state, 'tuning')
      const faults: Moment['faults'] = [{ kind: 'overheat', slot: null, since: machine.moment.at }]
      machine.moment = { ...machine.moment, phase: 'tripped', faults }
      const reading = await miner().read()
      assert.isFalse(reading.is_mining)
      assert.containSubset(reading.errors, [
        { code: '350', component: 'temperature', at: '2026-06-01T12:00:00' },
      ])
    })

    test('a token lasts half an hour, and too many are not given', ({ assert }) => {
      const { machine } = miner()
      const seed = say(machine, { command: 'get_token' }).Msg
      const keys = toKeys('admin', seed)
      const ask = () => {
        const { enc } = say(machine, toEncrypted(keys, { cmd: 'set_led', param: 'auto' }))
        return JSON.parse(decrypt(keys.aes, enc)!)
      }
      assert.containSubset(ask(), { STATUS: 'S', Code: 131 })
      machine.moment = { ...machine.moment, at: machine.moment.at + 30 * 60_000 }
      assert.containSubset(ask(), { STATUS: 'E', Code: 135 })
      for (let given = 0; given < 32; given++) say(machine, { cmd: 'get_token' })
      assert.containSubset(say(machine, { cmd: 'get_token' }), { Code: 136 })
    })

    test('a percentage is one of the limit; nonsense is refused', async ({ assert }) => {
      const { machine } = miner()
      const keys = toKeys('admin', say(machine, { command: 'get_token' }).Msg)
      const order = (request: Record<string, string>) => {
        const { enc } = say(machine, toEncrypted(keys, { ...request }))
        return JSON.parse(decrypt(keys.aes, enc)!).Code
      }
      assert.equal(order({ cmd: 'set_power_pct', percent: '50' }), 131)
      assert.equal(machine.moment.powerLimitW, 1638)
      assert.equal(order({ cmd: 'set_power_pct', percent: 'half' }), 132)
      assert.equal(order({ cmd: 'adjust_power_limit', power_limit: '-1' }), 132)
      assert.equal(order({ cmd: 'update_pools', pool1: '' }), 132)
      assert.equal(order({ cmd: 'fly' }), 14)
    })

    test('questions of cgminer join, its own do not, and a bare command is denied', ({
      assert,
    }) => {
      const { machine } = miner()
      assert.equal(say(machine, { command: 'summary+pools' }).pools[0].POOLS[0].POOL, 1)
      assert.equal(say(machine, { command: 'summary+status' }).Code, 14)
      assert.containSubset(say(machine, { cmd: 'reboot' }), { STATUS: 'E', Code: 45 })
      assert.isEmpty(machine.orders)
    })
  }
)

const say = (machine: FakeMachine, json: Record<string, unknown>): any => {
  const answer = whatsminer.rpc!(machine, { text: JSON.stringify(json), json })!
  return JSON.parse(answer.slice(0, -1))
}

familySuite(
  {
    ...COMMON,
    face: whatsminerV3,
    model: 'M60S_VK30',
    modelRead: 'M60S VK30',
    tells: TELLS,
    lost: ({ hashboards, errors }, assert) => {
      assert.deepEqual(
        hashboards?.map(({ slot, temp_board_c: celsius }) => [slot, celsius]),
        [
          [0, 51],
          [2, 53],
        ]
      )
      assert.containSubset(errors, [{ code: '531', message: 'Hash board not found.' }])
    },
    hidden: [...COMMON.hidden],
    effects: [
      [{ type: 'reboot' }, (r, assert) => assert.equal(r.uptime_s, 15)],
      restart,
      pause,
      limit,
      pools,
      locate,
    ],
  },
  (miner) => {
    test('the power mode is in its settings', async ({ assert }) => {
      const result = await miner().act({ type: 'set_power_mode', mode: 'high' })
      assert.isTrue(result.accepted)
      const settings = whatsminerV3.v3!(miner().machine, { cmd: 'get.miner.setting' })
      assert.containSubset(settings, { code: 0, msg: { 'power-mode': 'high' } })
    })

    test('one question can be for several parts', ({ assert }) => {
      const ask = (param: string): any =>
        whatsminerV3.v3!(miner().machine, { cmd: 'get.miner.status', param })
      assert.deepEqual(Object.keys(ask('pools+edevs').msg), ['pools', 'edevs'])
      assert.equal(ask('pools+nothing').code, -1)
    })

    test('a machine of which no board is left still answers', async ({ assert }) => {
      const { machine } = miner()
      const boards = machine.moment.boards.map((board) => ({ ...board, isAlive: false }))
      machine.moment = { ...machine.moment, boards }
      const examined = await miner().scan()
      assert.equal(examined?.found.driver, 'whatsminer_v3')
      assert.deepEqual(examined?.record.hashboards, [])
    })

    test('a signature of another time is refused', async ({ assert }) => {
      const { machine } = miner()
      const { ts, ...rest } = { ts: 1, account: 'super', token: 'x', cmd: 'set.system.reboot' }
      for (const message of [{ ...rest, ts }, rest, { ...rest, account: 'nobody' }]) {
        assert.containSubset(whatsminerV3.v3!(machine, message), { code: -4 })
      }
      assert.lengthOf(machine.denials, 3)
      assert.containSubset(whatsminerV3.v3!(machine, { cmd: 'get.nothing' }), { code: -1 })
    })
  }
)
