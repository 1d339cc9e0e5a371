import { test } from '@japa/runner'
import type { MinerCommand } from '../src/drivers/contract.js'
import { VirtualClock } from '../src/simulator/clock.js'
import { FACES } from '../src/simulator/faces/index.js'
import { Fleet } from '../src/simulator/fleet.js'
import type { Machine } from '../src/simulator/machine.js'
import { MODELS } from '../src/simulator/models.js'
import { type Served, serveFace } from './support/faces_server.js'

/** Longer than any machine takes to start and to get up to speed. */
const SETTLED_S = 1800

for (const { name, face: family } of MODELS) {
  const face = FACES[family]!

  test.group(`Simulator | ${name} with its physics behind its face`, (group) => {
    let miner: Served<Machine>
    let clock: VirtualClock
    group.each.setup(async () => {
      clock = new VirtualClock(Date.UTC(2026, 5, 1, 9), 0)
      const groups = [{ model: name, count: 1, base: '127.0.0.1' }]
      const fleet = new Fleet({ file: { seed: 5, groups }, clock })
      miner = await serveFace(face, fleet.machine(0))
      return () => miner.close()
    })

    const obeyed = async (command: MinerCommand) => {
      const { accepted } = await miner.act(command)
      if (accepted === false) return null
      clock.advance(SETTLED_S)
      return miner.read()
    }

    test('a scan knows it, and tells what it does', async ({ assert }) => {
      const examined = await miner.scan()
      const { machine } = miner
      const moment = machine.now()
      assert.equal(examined?.found.driver, family)
      assert.equal(examined?.record.outcome, 'ok')
      assert.isAbove(moment.hashrateThs, 0)
      const { hashrate_ths: ths, wattage_w: watts, mac } = examined!.record
      assert.closeTo(ths!, moment.hashrateThs, moment.hashrateThs / 1000)
      // Plain cgminer knows neither.
      if (family === 'cgminer') return assert.isNull(watts)
      assert.equal(mac, machine.mac)
      if (watts === null) return assert.equal(family, 'antminer')
      assert.closeTo(watts!, moment.powerW, Math.max(0.5, moment.powerW / 1000))
    })

    test('it obeys what it says it can do', async ({ assert }) => {
      const { capabilities } = await miner.read()
      const { machine } = miner
      const { powerW: nameplateW, hashrateThs } = machine.model
      // An Antminer asleep tells no watts: the machine itself is asked.
      const drawn = () => machine.now().powerW
      if (capabilities.includes('pause')) {
        const asleep = await obeyed({ type: 'pause' })
        assert.isFalse(asleep?.is_mining)
        assert.isBelow(drawn(), nameplateW / 4)
        const awake = await obeyed({ type: 'resume' })
        assert.isAbove(drawn(), nameplateW * 0.9)
        assert.isAbove(awake!.hashrate_ths!, hashrateThs * 0.85)
      }
      if (capabilities.includes('power_limit')) {
        const limited = await obeyed({ type: 'set_power_limit', watts: nameplateW * 0.8 })
        assert.isAtMost(drawn(), nameplateW * 0.82)
        assert.isAbove(drawn(), nameplateW * 0.6)
        assert.isBelow(limited!.hashrate_ths!, hashrateThs * 0.95)
      }
      if (capabilities.includes('power_mode')) {
        await obeyed({ type: 'set_power_mode', mode: 'low' })
        assert.equal(machine.now().mode, 'low')
        assert.isBelow(drawn(), nameplateW * 0.82)
      }
    })
  })
}
