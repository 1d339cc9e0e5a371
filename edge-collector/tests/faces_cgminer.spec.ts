import { test } from '@japa/runner'
import { cgminer } from '../src/simulator/faces/cgminer.js'
import { assertTells } from './support/faces_check.js'
import { asleep, FakeMachine, withoutBoard } from './support/faces_machine.js'
import { type Served, serveFace } from './support/faces_server.js'

const say = (machine: FakeMachine, text: string) => {
  const json = text.startsWith('{') ? JSON.parse(text) : null
  return cgminer.rpc!(machine, { text, json })!
}

test.group('Simulator | face of cgminer', (group) => {
  let miner: Served<FakeMachine>
  group.each.setup(async () => {
    miner = await serveFace(cgminer, new FakeMachine('cgminer rig'))
    return () => miner.close()
  })

  test('is cgminer and no family that is known better', async ({ assert }) => {
    const examined = await miner.scan()
    assert.containSubset(examined?.found, { driver: 'cgminer', firmwareFamily: 'cgminer' })
  })

  test('tells what the machine does', async ({ assert }) => {
    const reading = await miner.read()
    assert.equal(reading.outcome, 'ok')
    miner.machine.moment.fans = []
    assertTells(assert, reading, miner.machine, {
      fields: [
        'hashrate_ths',
        'hashrate_avg_ths',
        'uptime_s',
        'shares_accepted',
        'shares_rejected',
        'shares_stale',
        'hardware_errors',
        'firmware_version',
      ],
      boards: ['slot', 'active', 'hashrate_ths', 'temp_board_c', 'frequency_mhz', 'hw_errors'],
      pools: ['url', 'user', 'alive', 'active', 'accepted', 'rejected', 'stale'],
    })
  })

  test('shows a lost board as dead', async ({ assert }) => {
    miner.machine.moment = withoutBoard(miner.machine.moment, 1)
    const { hashboards } = await miner.read()
    assert.deepEqual(
      hashboards?.map(({ active }) => active),
      [true, false, true]
    )
  })

  test('leaves out what a fault hides', async ({ assert }) => {
    const { machine } = miner
    machine.moment = { ...machine.moment, missing: new Set(['hashrateThs', 'pools']) }
    const reading = await miner.read()
    assert.isNull(reading.hashrate_ths)
    assert.isNull(reading.pools)
    assert.isNotNull(reading.hashrate_avg_ths)
  })

  test('hashes nothing while it is paused', async ({ assert }) => {
    miner.machine.moment = asleep(miner.machine.moment)
    assert.equal((await miner.read()).hashrate_ths, 0)
  })

  test('joins questions, and answers those without JSON as text', ({ assert }) => {
    const joined = say(miner.machine, '{"command":"summary+nonsense"}')
    assert.isTrue(joined.endsWith('\0'))
    const answer = JSON.parse(joined.slice(0, -1))
    assert.isUndefined(answer.STATUS)
    assert.equal(answer.summary[0].SUMMARY[0].Accepted, 5432)
    assert.equal(answer.nonsense[0].STATUS[0].Code, 14)
    const text = say(miner.machine, 'version')
    assert.match(text, /^STATUS=S,When=\d+,Code=22,Msg=CGMiner versions,Description=cgminer 4/)
    assert.include(text, '|VERSION,CGMiner=4.11.1,API=3.7|\0')
    assert.include(say(miner.machine, 'pools'), '|POOL=0,URL=stratum+tcp://one.example:3333,')
  })

  test('lets nobody write, and notes who tried', ({ assert }) => {
    const answer = JSON.parse(say(miner.machine, '{"command":"restart"}').slice(0, -1))
    assert.containSubset(answer.STATUS[0], { STATUS: 'E', Code: 45 })
    assert.deepEqual(miner.machine.denials, ['restart: no write access'])
    assert.isEmpty(miner.machine.orders)
    assert.include(say(miner.machine, '{"half'.replace('{', '[')), '"Code":23')
  })
})
