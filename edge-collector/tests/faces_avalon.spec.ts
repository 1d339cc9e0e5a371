import { test } from '@japa/runner'
import { avalon } from '../src/simulator/faces/avalon/index.js'
import { asleep, type FakeMachine } from './support/faces_machine.js'
import { EFFECTS, familySuite, isPaused, POOL } from './support/faces_suite.js'

const ascset = (machine: FakeMachine, parameter: string): any => {
  const json = { command: 'ascset', parameter }
  const answer = avalon.rpc!(machine, { text: JSON.stringify(json), json })
  return answer === null ? null : JSON.parse(answer.slice(0, -1)).STATUS[0]
}

for (const [model, modelRead] of [
  ['A1246', 'A1246'],
  ['A1566', 'A1566'],
] as const) {
  familySuite(
    {
      face: avalon,
      model,
      modelRead,
      make: 'Avalon',
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
          'temp_inlet_c',
          'mac',
          'serial_number',
          'firmware_version',
          'fault_light',
        ],
        boards: [
          'slot',
          'active',
          'hashrate_avg_ths',
          'chips_working',
          'temp_chip_c',
          'temp_chip_max_c',
          'frequency_mhz',
        ],
        pools: ['url', 'user', 'alive', 'active', 'accepted', 'rejected', 'stale'],
        celsius: 0.5,
      },
      lost: ({ hashboards }, assert) => {
        assert.containSubset(hashboards?.[1], {
          slot: 1,
          active: false,
          chips_working: 0,
          hashrate_avg_ths: 0,
          temp_chip_max_c: null,
        })
      },
      hidden: [
        ['powerW', 'wattage_w'],
        ['inletC', 'temp_inlet_c'],
        ['pools', 'pools'],
        ['boards', 'hashboards'],
      ],
      paused: isPaused,
      effects: [
        [{ type: 'reboot' }, (r, assert) => assert.equal(r.uptime_s, 15)],
        EFFECTS.pause,
        EFFECTS.limit,
        EFFECTS.locate,
      ],
      guarded: { type: 'set_pools', pools: [POOL] },
    },
    (miner) => {
      test('its averages outlive a pause', async ({ assert }) => {
        const { machine } = miner()
        machine.moment = asleep(machine.moment)
        const reading = await miner().read()
        assert.equal(reading.hashrate_ths, 0)
        assert.isAbove(reading.hashrate_avg_ths!, 80)
      })

      test('pools count from the next start', async ({ assert }) => {
        const result = await miner().act({ type: 'set_pools', pools: [POOL] })
        assert.isTrue(result.accepted, result.detail)
        assert.notEqual((await miner().read()).pools?.[0]?.url, POOL.url)
        await miner().act({ type: 'reboot' })
        const { pools } = await miner().read()
        assert.deepEqual(
          pools?.map(({ url }) => url),
          [POOL.url, 'stratum+tcp://two.example:4444']
        )
      })

      test('it wakes without a word', async ({ assert }) => {
        await miner().act({ type: 'pause' })
        assert.isNull((await miner().act({ type: 'resume' })).accepted)
        assert.equal((await miner().read()).state, 'mining')
      })

      test('its answers are those that were recorded', async ({ assert }) => {
        const { machine } = miner()
        assert.containSubset(ascset(machine, '0,softoff,1:1753434821'), {
          STATUS: 'I',
          Code: 118,
          Msg: 'ASC 0 set info: success softoff:1753434821',
        })
        assert.containSubset(ascset(machine, '0,workmode,set,2'), {
          STATUS: 'S',
          Code: 119,
          Msg: 'ASC 0 set OK',
        })
        assert.equal(machine.moment.mode, 'high')
        assert.include(ascset(machine, '0,help').Msg, 'softoff|softon|')
        for (const nonsense of [
          '0,fly',
          '0,worklevel,set,2',
          '1,reboot',
          '0,softoff,now',
          '0,workmode,set,9',
          '',
        ]) {
          assert.equal(ascset(machine, nonsense).STATUS, 'E', nonsense)
        }
      })
    }
  )
}
