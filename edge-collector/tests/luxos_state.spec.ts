import { test } from '@japa/runner'
import { toFaults } from '../src/drivers/luxos/faults.js'
import { toState } from '../src/drivers/luxos/state.js'
import { luxos } from '../src/simulator/faces/luxos/index.js'
import { FakeMachine } from './support/faces_machine.js'
import { serveFace } from './support/faces_server.js'
import { openSimulatedSite } from './support/simulated_site.js'

const BOARD = { Status: 'Alive', IsRamping: false, IsUserShutdown: false }

/** A machine that has run for an hour. */
const stateOf = (given: {
  mode?: string
  power?: boolean
  ghs?: number
  elapsedS?: number
  boards?: object[]
  codes?: string[]
}) => {
  const { mode = 'None', power = true, ghs = 60_000, elapsedS = 3600, codes = [] } = given
  const { boards = [BOARD, BOARD, BOARD] } = given
  return toState({
    config: { CurtailMode: mode, IsPowerSupplyOn: power, IsTuning: true, SystemStatus: 'Normal' },
    summary: { 'GHS 5s': ghs, 'Elapsed': elapsedS },
    devs: { DEVS: boards.map((board) => ({ ...board })) },
    events: { EVENTS: codes.map((Code) => ({ Code })) },
  })
}

test.group('Edge reading | what LuxOS does', () => {
  test('it mines while it hashes, whatever its tuner and old events say', ({ assert }) => {
    const mining = { is_mining: true, state: 'mining' as const }
    assert.deepEqual(stateOf({}), mining)
    assert.deepEqual(stateOf({ codes: ['NOPIC_PROTECTION', 'REBOOT_NOT_HASHING'] }), mining)
    assert.deepEqual(stateOf({ ghs: 0 }), mining)
    assert.deepEqual(stateOf({ ghs: 0, codes: ['NO_ACTIVE_POOLS'] }), mining)
  })

  test('it sleeps on purpose, and a word that is new says nothing', ({ assert }) => {
    for (const mode of ['Sleep', 'Idle']) {
      assert.deepEqual(stateOf({ mode, power: false }), { is_mining: false, state: 'paused' })
    }
    assert.deepEqual(stateOf({ mode: 'Dozing' }), { is_mining: null, state: 'unknown' })
    const off = { ...BOARD, IsUserShutdown: true }
    assert.deepEqual(stateOf({ ghs: 0, boards: [off, off] }), { is_mining: false, state: 'paused' })
    assert.equal(stateOf({ ghs: 0, boards: [off, BOARD] }).state, 'mining')
  })

  test('it starts while boards ramp or come up and nothing hashes yet', ({ assert }) => {
    const starting = { is_mining: true, state: 'starting' as const }
    assert.deepEqual(stateOf({ ghs: 0, elapsedS: 20 }), starting)
    assert.deepEqual(stateOf({ ghs: 0, elapsedS: 20, power: false }), starting)
    assert.deepEqual(stateOf({ ghs: 0, boards: [BOARD, { ...BOARD, IsRamping: true }] }), starting)
    assert.deepEqual(stateOf({ ghs: 0, codes: ['REBOOT_SYSINIT'] }), starting)
    const ramping = stateOf({ boards: [{ ...BOARD, IsRamping: true }] })
    assert.deepEqual(ramping, { is_mining: true, state: 'tuning' })
  })

  test('it is at fault when it stopped by itself', ({ assert }) => {
    const fault = { is_mining: false, state: 'fault' as const }
    for (const code of ['OVERTEMP_PROTECTION', 'NOPIC_PROTECTION', 'FAN_PANIC', 'PSU_PANIC']) {
      assert.deepEqual(stateOf({ ghs: 0, codes: [code] }), fault)
    }
    assert.deepEqual(stateOf({ power: false }), fault)
    const dead = { ...BOARD, Status: 'Dead' }
    assert.deepEqual(stateOf({ ghs: 0, boards: [dead, dead] }), fault)
    assert.deepEqual(stateOf({ ghs: 0, elapsedS: 20, codes: ['OVERTEMP_PROTECTION'] }), fault)
  })

  test('sleep is no fault, a reboot is news', ({ assert }) => {
    const events = ['SLEEP', 'REBOOT_USER', 'FAN_FAILURE'].map((Code) => ({ Code }))
    assert.deepEqual(
      toFaults({ EVENTS: events })?.map(({ code, severity }) => `${code} ${severity}`),
      ['REBOOT_USER info', 'FAN_FAILURE error']
    )
    assert.isNull(toFaults(null))
  })

  test('over the wire: starting, tripped, asleep', async ({ assert }) => {
    const miner = await serveFace(luxos, new FakeMachine('Antminer S19K Pro (LuxOS)'))
    const { moment } = miner.machine
    const still = { hashrateThs: 0, expectedThs: 0 }
    try {
      miner.machine.moment = { ...moment, ...still, phase: 'starting', elapsedS: 12 }
      assert.equal((await miner.read()).state, 'starting')
      const faults = [{ kind: 'overheat' as const, slot: null, since: moment.at }]
      miner.machine.moment = { ...moment, ...still, phase: 'tripped', faults }
      const tripped = await miner.read()
      assert.equal(tripped.state, 'fault')
      assert.isFalse(tripped.is_mining)
      assert.equal(tripped.errors?.[0]?.code, 'OVERTEMP_PROTECTION')
      miner.machine.moment = { ...moment, ...still, phase: 'paused' }
      assert.deepEqual((await miner.read()).errors, [])
    } finally {
      await miner.close()
    }
  })

  test('a machine that overheats, cools and starts again', async ({ assert }) => {
    const groups = [{ model: 'Antminer S19K Pro (LuxOS)', count: 1, base: '127.37.0.1' }]
    const faults = [{ kind: 'overheat' as const, atS: 10, forS: 900, indexes: [0] }]
    const site = await openSimulatedSite({ groups, faults })
    const seen = new Set<string>()
    try {
      for (let minute = 0; minute < 60; minute++) {
        seen.add((await site.read(0)).state)
        site.clock.advance(60)
      }
      assert.includeMembers([...seen], ['mining', 'fault'])
      assert.equal((await site.read(0)).state, 'mining')
    } finally {
      await site.close()
    }
  })
})
