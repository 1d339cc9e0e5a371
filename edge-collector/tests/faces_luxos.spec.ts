import { test } from '@japa/runner'
import { luxos } from '../src/simulator/faces/luxos/index.js'
import type { FakeMachine } from './support/faces_machine.js'
import { EFFECTS, familySuite, isPaused } from './support/faces_suite.js'

const { reboot: _, ...effects } = EFFECTS

const say = (machine: FakeMachine, command: string, parameter?: string): any => {
  const json = { command, parameter }
  return JSON.parse(luxos.rpc!(machine, { text: JSON.stringify(json), json })!.slice(0, -1))
}

familySuite(
  {
    face: luxos,
    model: 'Antminer S19K Pro (LuxOS)',
    modelRead: 'S19K Pro',
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
        'shares_stale',
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
        'hashrate_avg_ths',
        'expected_hashrate_ths',
        'chips_working',
        'temp_board_c',
        'temp_chip_max_c',
        'frequency_mhz',
        'voltage_v',
        'serial_number',
        'hw_errors',
      ],
      pools: ['url', 'user', 'alive', 'active', 'accepted', 'rejected', 'stale'],
    },
    lost: ({ hashboards, errors }, assert) => {
      assert.containSubset(hashboards?.[1], { slot: 1, active: false, chips_working: 0 })
      assert.containSubset(errors, [{ code: 'BOARD_NOT_DETECTED', component: 'board:1' }])
    },
    hidden: [
      ['powerW', 'wattage_w'],
      ['hashrateThs', 'hashrate_ths'],
      ['fans', 'fans'],
      ['boards', 'hashboards'],
      ['pools', 'pools'],
    ],
    paused: isPaused,
    effects: [
      [{ type: 'reboot' }, (r, assert) => assert.equal(r.uptime_s, 15)],
      effects.restart,
      effects.pause,
      effects.locate,
      effects.pools,
      [
        { type: 'set_power_limit', watts: 2500 },
        (r, assert) => {
          assert.isAtMost(r.wattage_limit_w!, 2500)
          assert.isAbove(r.wattage_limit_w!, 2350)
        },
      ],
      [
        { type: 'set_profile', name: '490MHz' },
        (r, assert) => assert.deepEqual(r.tuning_target, { type: 'profile', value: '490MHz' }),
      ],
    ],
    guarded: null,
  },
  (miner) => {
    test('resume wakes it', async ({ assert }) => {
      await miner().act({ type: 'pause' })
      assert.isTrue((await miner().act({ type: 'resume' })).accepted)
      assert.equal((await miner().read()).state, 'mining')
    })

    test('one session for everybody: ours is closed, a stranger’s is used', async ({ assert }) => {
      const { machine } = miner()
      await miner().act({ type: 'pause' })
      assert.equal(say(machine, 'session').SESSION[0].SessionID, '')
      const sid = say(machine, 'logon').SESSION[0].SessionID
      assert.containSubset(say(machine, 'logon').STATUS[0], {
        STATUS: 'E',
        Msg: 'Another session is active',
      })
      assert.isTrue((await miner().act({ type: 'resume' })).accepted)
      assert.equal(say(machine, 'session').SESSION[0].SessionID, sid)
      machine.moment = { ...machine.moment, at: machine.moment.at + 61_000 }
      assert.equal(say(machine, 'curtail', `${sid},sleep`).STATUS[0].STATUS, 'E')
      assert.deepEqual(machine.denials, ['curtail: another session'])
      say(machine, 'logon')
      say(machine, 'kill')
      assert.equal(say(machine, 'logon').STATUS[0].STATUS, 'S')
    })

    test('the tuner is off once a profile is chosen', async ({ assert }) => {
      const { machine } = miner()
      assert.isTrue(say(machine, 'config').CONFIG[0].IsAtmEnabled)
      const result = await miner().act({ type: 'set_profile', name: '465MHz' })
      assert.equal(result.detail, 'atmset enabled=false, then profileset 465MHz')
      assert.isFalse(say(machine, 'config').CONFIG[0].IsAtmEnabled)
    })

    test('pools are added, switched to and removed one by one', ({ assert }) => {
      const { machine } = miner()
      const numbers = () => say(machine, 'pools').POOLS.map((row: any) => [row.POOL, row.User])
      say(machine, 'addpool', String.raw`stratum+tcp://c.example:1,site\,c,x`)
      assert.deepEqual(numbers(), [
        [0, 'site.7'],
        [1, 'site.7b'],
        [2, 'site,c'],
      ])
      assert.equal(say(machine, 'removepool', '0').STATUS[0].Code, 67)
      say(machine, 'switchpool', '2')
      assert.equal(machine.moment.pools[0]?.user, 'site,c')
      assert.deepEqual(numbers().at(2), [2, 'site,c'])
      say(machine, 'removepool', '0')
      assert.deepEqual(numbers(), [
        [0, 'site.7b'],
        [1, 'site,c'],
      ])
      assert.equal(say(machine, 'switchpool', '7').STATUS[0].STATUS, 'E')
      assert.equal(say(machine, 'addpool', 'nothing').STATUS[0].STATUS, 'E')
    })

    test('boards come in no order, and the mean is no sum', ({ assert }) => {
      const { machine } = miner()
      const ids = say(machine, 'devs').DEVS.map((row: any) => row.ID)
      assert.deepEqual(ids, [2, 1, 0])
      const [, stats] = say(machine, 'stats').STATS
      assert.closeTo(stats['total rate'] * 3, stats['GHS av'], 1)
    })

    test('nonsense is refused', ({ assert }) => {
      const { machine } = miner()
      const sid = say(machine, 'logon').SESSION[0].SessionID
      const nonsense: [string, string?][] = [
        ['curtail', `${sid},fly`],
        ['ledset', `${sid},blue,on`],
        ['atmset', `${sid},maybe`],
        ['profileset', `${sid},9999MHz`],
        ['voltageget', '9'],
        ['rebootdevice'],
        ['fly'],
      ]
      for (const [command, parameter] of nonsense) {
        assert.equal(say(machine, command, parameter).STATUS[0].STATUS, 'E', command)
      }
      assert.isEmpty(machine.orders)
    })
  }
)
