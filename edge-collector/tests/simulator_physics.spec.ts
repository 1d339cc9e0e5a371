import { test } from '@japa/runner'
import { VirtualClock } from '../src/simulator/clock.js'
import { Fleet } from '../src/simulator/fleet.js'
import type { FaultRow } from '../src/simulator/fleet_file.js'

const START = Date.UTC(2026, 5, 1, 3)

/** Ten S19 Pro at a site whose time stands still until somebody moves it. */
function siteOf(faults: FaultRow[] = [], seed = 7) {
  const clock = new VirtualClock(START, 0)
  const groups = [{ model: 'Antminer S19 Pro', count: 10, base: '127.31.0.1' }]
  const fleet = new Fleet({ file: { seed, groups, faults }, clock })
  return { clock, fleet, miner: fleet.machine(0) }
}

test.group('Simulator | a machine', () => {
  test('is the same for the same seed, and another for another', ({ assert }) => {
    const at = (seed: number) => {
      const { clock, fleet } = siteOf([], seed)
      clock.advance(3600)
      return [...fleet.machines()].map((miner) => miner.now())
    }
    assert.deepEqual(at(7), at(7))
    assert.notDeepEqual(
      at(7).map(({ hashrateThs }) => hashrateThs),
      at(8).map(({ hashrateThs }) => hashrateThs)
    )
  })

  test('does not depend on who looks when', ({ assert }) => {
    const often = siteOf([{ kind: 'reboot_loop', atS: 500, forS: 900, indexes: [0], periodS: 400 }])
    const once = siteOf([{ kind: 'reboot_loop', atS: 500, forS: 900, indexes: [0], periodS: 400 }])
    for (let step = 0; step < 720; step++) {
      often.clock.advance(10)
      often.miner.now()
    }
    once.clock.advance(7200)
    assert.deepEqual(often.miner.now(), once.miner.now())
    assert.closeTo(often.miner.energyWh, once.miner.energyWh, 1e-6)
  })

  test('hashes and draws what its model says, with the noise of two percent', ({ assert }) => {
    const { clock, miner } = siteOf()
    const rates: number[] = []
    for (let step = 0; step < 2000; step++) {
      clock.advance(5)
      rates.push(miner.now().hashrateThs)
    }
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
    const deviation = Math.sqrt(
      rates.reduce((sum, one) => sum + (one - mean) ** 2, 0) / rates.length
    )
    // 110 TH/s of the data sheet; the mean of 2,000 lies within 4 × 2 % / √2000.
    assert.closeTo(mean, 110, 110 * 0.02 * (4 / Math.sqrt(2000)))
    assert.closeTo(deviation / mean, 0.02, 0.002)
  })

  test('finds as many shares as its hashrate and the difficulty say', ({ assert }) => {
    const { clock, miner } = siteOf()
    const before = miner.now()
    clock.advance(86_400)
    const after = miner.now()
    const shares =
      after.accepted +
      after.rejected +
      after.stale -
      before.accepted -
      before.rejected -
      before.stale
    // A share takes difficulty × 2^32 hashes on average.
    const expected = (110e12 * 86_400) / (after.difficulty * 2 ** 32)
    assert.closeTo(shares / expected, 1, 0.001)
    assert.closeTo((after.rejected - before.rejected) / shares, 0.003, 0.0005)
  })

  test('counts that only grow while it runs', ({ assert }) => {
    const { clock, miner } = siteOf()
    let last = miner.now()
    for (let step = 0; step < 500; step++) {
      clock.advance(7)
      const now = miner.now()
      for (const name of ['accepted', 'rejected', 'stale', 'hardwareErrors', 'elapsedS'] as const) {
        assert.isAtLeast(now[name], last[name])
      }
      last = now
    }
  })

  test('sleeps within half a minute and wakes by a ramp', ({ assert }) => {
    const { clock, miner } = siteOf()
    const awake = miner.now().powerW
    miner.order({ type: 'pause' })
    clock.advance(31)
    const asleep = miner.now()
    assert.equal(asleep.phase, 'paused')
    assert.equal(asleep.hashrateThs, 0)
    assert.isBelow(asleep.powerW, awake * 0.03)
    miner.order({ type: 'resume' })
    assert.equal(miner.now().phase, 'starting')
    clock.advance(41)
    assert.equal(miner.now().phase, 'mining')
    const ramping = miner.now().hashrateThs
    clock.advance(600)
    assert.isBelow(ramping, miner.now().hashrateThs)
    assert.closeTo(miner.now().hashrateThs, 110, 110 * 0.09)
  })

  test('is away while it boots and begins to count anew', ({ assert }) => {
    const { clock, miner } = siteOf()
    assert.isAbove(miner.now().uptimeS, 3600)
    miner.memory.set('token', 'x')
    miner.order({ type: 'reboot' })
    clock.advance(20)
    assert.isTrue(miner.isDown)
    clock.advance(81)
    assert.isFalse(miner.isDown)
    assert.isBelow(miner.now().uptimeS, 100)
    assert.isBelow(miner.now().elapsedS, 100)
    assert.isUndefined(miner.memory.get('token'))
  })

  test('draws less in low mode and obeys a limit in watts', ({ assert }) => {
    const { clock, miner } = siteOf()
    const [powerW, ths] = [miner.now().powerW, miner.now().expectedThs]
    miner.order({ type: 'set_power_mode', mode: 'low' })
    clock.advance(700)
    assert.isBelow(miner.now().powerW, powerW * 0.8)
    assert.isBelow(miner.now().expectedThs, ths)
    miner.order({ type: 'set_power_mode', mode: 'normal' })
    miner.order({ type: 'set_power_limit', watts: 2000 })
    clock.advance(700)
    assert.closeTo(miner.now().powerW, 2000, 2000 * 0.02)
  })

  test('loses the hashrate of a board that dies, and says which', ({ assert }) => {
    const { clock, miner } = siteOf([
      { kind: 'board_loss', atS: 60, forS: 600, indexes: [0], slot: 1 },
    ])
    clock.advance(90)
    const hurt = miner.now()
    assert.deepEqual(
      hurt.boards.map(({ isAlive, chipsWorking }) => [isAlive, chipsWorking]),
      [
        [true, 114],
        [false, 0],
        [true, 114],
      ]
    )
    assert.closeTo(hurt.hashrateThs, (110 * 2) / 3, 7)
    assert.deepEqual(
      hurt.faults.map(({ kind, slot }) => [kind, slot]),
      [['board', 1]]
    )
    clock.advance(700)
    assert.closeTo(miner.now().hashrateThs, 110, 10)
  })

  test('trips when it overheats, cools down and tries again', ({ assert }) => {
    const { clock, miner } = siteOf([
      { kind: 'overheat', atS: 10, forS: 900, indexes: [0], share: 1 },
    ])
    clock.advance(10)
    const phases = new Set<string>()
    let hottest = 0
    for (let step = 0; step < 300; step++) {
      clock.advance(10)
      const { phase, boards } = miner.now()
      phases.add(phase)
      hottest = Math.max(hottest, ...boards.map(({ chipC }) => chipC))
    }
    assert.isTrue(phases.has('tripped'))
    // It trips at 95 °C; boards differ by a few degrees.
    assert.closeTo(hottest, 95, 6)
    assert.equal(miner.now().phase, 'mining')
    assert.isBelow(miner.now().boards[0]!.chipC, 80)
  })
})

test.group('Simulator | a site', () => {
  test('falls by the power of those that were told to sleep, within a minute', ({ assert }) => {
    const { clock, fleet } = siteOf([
      { kind: 'curtailment', atS: 100, forS: 600, indexes: [0, 1, 2, 3] },
    ])
    const powerW = () => [...fleet.machines()].reduce((sum, miner) => sum + miner.now().powerW, 0)
    clock.advance(99)
    const before = powerW()
    clock.advance(61)
    // Four of ten machines of 3,250 W, of which about 50 W stay.
    assert.closeTo(before - powerW(), 4 * 3200, 4 * 60)
  })

  test('has who is there, and nobody else', ({ assert }) => {
    const { clock, fleet } = siteOf([
      { kind: 'ip_change', atS: 60, indexes: [3], becomes: '127.31.5.5' },
      { kind: 'duplicate_mac', atS: 60, indexes: [5], becomes: '127.31.0.1' },
    ])
    assert.isNull(fleet.at('127.31.0.11'))
    assert.isNull(fleet.at('127.31.5.5'))
    const { mac } = fleet.machine(3)
    clock.advance(61)
    assert.isNull(fleet.at('127.31.0.4'))
    assert.equal((fleet.at('127.31.5.5') as { mac: string }).mac, mac)
    assert.equal(fleet.machine(5).mac, fleet.machine(0).mac)
  })

  test('refuses addresses that others could reach, and groups that overlap', ({ assert }) => {
    const clock = new VirtualClock(START, 0)
    const fleetOf = (...bases: string[]) => {
      const groups = bases.map((base) => ({ model: 'Antminer S21', count: 10, base }))
      return new Fleet({ file: { seed: 1, groups }, clock })
    }
    assert.throws(() => fleetOf('127.255.255.250'), /leaves loopback/)
    assert.throws(() => fleetOf('127.1.0.1', '127.1.0.5'), /overlap/)
    assert.throws(
      () =>
        new Fleet({
          file: { seed: 1, groups: [{ model: 'S99', count: 1, base: '127.1.0.1' }] },
          clock,
        }),
      /no model "S99"/
    )
  })

  test('chooses a share of the machines by the seed, and tells the truth about it', ({
    assert,
  }) => {
    const clock = new VirtualClock(START, 0)
    const groups = [{ model: 'Antminer S21', count: 2000, base: '127.40.0.1' }]
    const faults = [{ kind: 'fan' as const, atS: 30, forS: 60, of: 0.1, slot: 2 }]
    const truth = [...new Fleet({ file: { seed: 3, groups, faults }, clock }).truth()]
    // Ten percent of 2,000, give or take four deviations of the binomial.
    assert.closeTo(truth.length, 200, 4 * Math.sqrt(2000 * 0.1 * 0.9))
    const [first] = truth
    assert.equal(first!.from, START + 30_000)
    assert.equal(first!.to, START + 90_000)
  })
})
