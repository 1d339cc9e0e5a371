import { test } from '@japa/runner'
import fc from 'fast-check'
import { emptyReading, STATES, type TelemetryRecord } from '../protocol/record.js'
import type { SafetyEvent, SafetyPolicy } from '../protocol/safety.js'
import {
  decide,
  HOUR_MS,
  type Memory,
  mostResting,
  NOTHING,
  observe,
} from '../src/safety/decide.js'
import { Guard } from '../src/safety/guard.js'

const POLICY: SafetyPolicy = {
  sleepAboveC: 90,
  samplesInRow: 3,
  mostPerHour: 2,
  mostSharePct: 25,
  wakeBelowC: 50,
  wakeAfterMinutes: 10,
}
const POLL_MS = 30_000
const STALE_MS = 2 * POLL_MS
const START = Date.UTC(2026, 0, 1)

const recordOf = (at: number, tempC: number | null, state: TelemetryRecord['state']) =>
  ({
    ...emptyReading(),
    observed_at: new Date(at).toISOString(),
    outcome: 'ok',
    state,
    temp_max_c: tempC,
    capabilities: ['pause', 'resume'],
  }) as unknown as TelemetryRecord

/** A guard over a few miners, with a clock that only the test moves. */
function bench(policy: SafetyPolicy | null, known = 8) {
  let now = START
  let stored: string | null = null
  const events: SafetyEvent[] = []
  const acts: { at: number; miner: string; action: string }[] = []
  const make = () =>
    new Guard({
      policy: () => policy,
      staleMs: () => STALE_MS,
      known: () => known,
      clock: () => now,
      log: () => {},
      report: (more) => void events.push(...more),
      load: () => stored,
      save: (text) => void (stored = text),
    })
  let guard = make()
  return {
    events,
    acts,
    guard: () => guard,
    restart: () => void (guard = make()),
    now: () => now,
    pass: (ms: number) => void (now += ms),
    async see(
      miner: number,
      tempC: number | null,
      state: TelemetryRecord['state'] = 'mining',
      accepted: boolean | null = true
    ) {
      const key = `ip:10.0.0.${miner}`
      await guard.read({ key, ip: `10.0.0.${miner}` }, recordOf(now, tempC, state), (action) => {
        acts.push({ at: now, miner: key, action })
        return Promise.resolve({ accepted, detail: 'told' })
      })
    },
  }
}

test.group('Safety at the edge | decisions', () => {
  test('does nothing without a policy, however hot it is', async ({ assert }) => {
    const site = bench(null)
    for (let count = 0; count < 20; count++) {
      await site.see(1, 150)
      site.pass(POLL_MS)
    }
    assert.deepEqual([site.acts, site.events], [[], []])
  })

  test('sends to sleep after so many hot readings in a row, and sees it happen', async ({
    assert,
  }) => {
    const site = bench(POLICY)
    for (const tempC of [91, 91, 90, 91, 91, 91]) {
      assert.lengthOf(site.acts, 0)
      await site.see(1, tempC)
      site.pass(POLL_MS)
    }
    assert.deepEqual(site.acts, [
      { at: START + 5 * POLL_MS, miner: 'ip:10.0.0.1', action: 'pause' },
    ])
    await site.see(1, 70, 'paused')
    assert.deepEqual(
      site.events.map(({ action, outcome, tempC }) => [action, outcome, tempC]),
      [
        ['pause', 'sent', 91],
        ['pause', 'done', 70],
      ]
    )
    assert.equal(site.guard().resting, 1)
  })

  test('begins to count anew after a gap, and where no temperature is told', async ({ assert }) => {
    const site = bench(POLICY)
    for (const [tempC, gapMs] of [
      [95, POLL_MS],
      [95, STALE_MS + 1],
      [95, POLL_MS],
      [null, POLL_MS],
      [95, POLL_MS],
      [95, POLL_MS],
    ] as const) {
      await site.see(1, tempC)
      site.pass(gapMs)
    }
    assert.lengthOf(site.acts, 0)
    await site.see(1, 95)
    assert.lengthOf(site.acts, 1)
  })

  test('never repeats a lost answer blindly: only a reading that shows it running', async ({
    assert,
  }) => {
    const site = bench(POLICY)
    const poll = async (state: TelemetryRecord['state'], accepted: boolean | null) => {
      await site.see(1, 95, state, accepted)
      site.pass(POLL_MS)
    }
    for (let count = 0; count < 3; count++) await poll('mining', null)
    for (let count = 0; count < 9; count++) await poll('unknown', null)
    assert.lengthOf(site.acts, 1)
    for (let count = 0; count < 3; count++) await poll('mining', null)
    assert.deepEqual(
      site.events.map(({ outcome }) => outcome),
      ['lost', 'not_done']
    )
    assert.lengthOf(site.acts, 1)
    for (let count = 0; count < 10; count++) await poll('mining', true)
    assert.lengthOf(site.acts, 2)
  })

  test('waits longer after each refusal, and stays below the most in an hour', async ({
    assert,
  }) => {
    const site = bench({ ...POLICY, mostPerHour: 20 })
    for (let count = 0; count < 240; count++) {
      await site.see(1, 95, 'mining', false)
      site.pass(POLL_MS)
    }
    const gaps = site.acts.slice(1).map(({ at }, index) => (at - site.acts[index]!.at) / 60_000)
    assert.deepEqual(gaps, [2, 4, 8, 16, 32])
    assert.isTrue(site.events.every(({ outcome }) => outcome === 'refused'))
  })

  test('wakes what it sent to sleep, when it is cool and has slept; after a restart too', async ({
    assert,
  }) => {
    const site = bench(POLICY)
    for (let count = 0; count < 3; count++) {
      await site.see(1, 95)
      site.pass(POLL_MS)
    }
    await site.see(1, 60, 'paused')
    site.restart()
    assert.equal(site.guard().resting, 1)
    for (let count = 0; count < 15; count++) {
      site.pass(POLL_MS)
      await site.see(1, 40, 'paused')
    }
    assert.lengthOf(site.acts, 1)
    site.pass(3 * 60_000)
    await site.see(1, null, 'paused')
    assert.lengthOf(site.acts, 1)
    await site.see(1, 40, 'paused')
    assert.equal(site.acts.at(-1)!.action, 'resume')
    site.pass(POLL_MS)
    await site.see(1, 45, 'starting')
    assert.equal(site.guard().resting, 0)
    // Somebody else's sleep is nobody's business.
    for (let count = 0; count < 60; count++) {
      site.pass(POLL_MS)
      await site.see(2, 30, 'paused')
    }
    assert.isFalse(site.acts.some(({ miner }) => miner === 'ip:10.0.0.2'))
  })

  test('is never over its caps and never acts on old or missing readings, whatever happens', async ({
    assert,
  }) => {
    const step = fc.record({
      miner: fc.integer({ min: 1, max: 3 }),
      tempC: fc.option(fc.integer({ min: 30, max: 160 }), { freq: 20 }),
      state: fc.oneof(
        { weight: 3, arbitrary: fc.constant('mining' as const) },
        fc.constantFrom(...STATES)
      ),
      accepted: fc.constantFrom(true, false, null),
      passMs: fc.constantFrom(0, 2000, 5000, 9000, POLL_MS, STALE_MS + 1, 400_000),
      restarts: fc.nat({ max: 30 }).map((roll) => roll === 0),
    })
    const policies = fc.record({
      sleepAboveC: fc.integer({ min: 60, max: 100 }),
      samplesInRow: fc.integer({ min: 2, max: 4 }),
      mostPerHour: fc.integer({ min: 1, max: 4 }),
      mostSharePct: fc.integer({ min: 1, max: 60 }),
      wakeBelowC: fc.option(fc.integer({ min: 30, max: 59 })),
      wakeAfterMinutes: fc.constant(5),
    })
    let acted = 0
    const property = fc.asyncProperty(
      policies,
      fc.array(step, { minLength: 150, maxLength: 400 }),
      async (policy, steps) => {
        const site = bench(policy)
        const rows = new Map<number, { at: number; tempC: number | null }[]>()
        for (const { miner, tempC, state, accepted, passMs, restarts } of steps) {
          if (restarts) site.restart()
          const row = [...(rows.get(miner) ?? []), { at: site.now(), tempC }]
          rows.set(miner, row)
          const before = site.acts.length
          await site.see(miner, tempC, state, accepted)
          for (const act of site.acts.slice(before)) {
            acted++
            assert.equal(act.miner, `ip:10.0.0.${miner}`)
            const hour = site.acts.filter(
              (one) => one.miner === act.miner && act.at - one.at < HOUR_MS
            )
            assert.isAtMost(hour.length, policy.mostPerHour)
            if (act.action === 'resume') {
              assert.isTrue(tempC !== null && policy.wakeBelowC !== null)
              assert.isAtMost(tempC!, policy.wakeBelowC!)
              continue
            }
            const last = row.slice(-policy.samplesInRow)
            assert.lengthOf(last, policy.samplesInRow)
            assert.isTrue(last.every((one) => one.tempC !== null && one.tempC > policy.sleepAboveC))
            for (const [index, one] of last.slice(1).entries()) {
              assert.isAtMost(one.at - last[index]!.at, STALE_MS)
            }
          }
          assert.isAtMost(site.guard().resting, mostResting({ known: 8, resting: 0 }, policy))
          site.pass(passMs)
        }
      }
    )
    await fc.assert(property, { numRuns: 60 })
    assert.isAbove(acted, 100)
  }).timeout(60_000)

  test('does not decide on a reading from another time than now', ({ assert }) => {
    const hot: Memory = { ...NOTHING, hot: 5, seenAt: START }
    const at = (ageMs: number) =>
      decide(hot, {
        now: START + ageMs,
        staleMs: STALE_MS,
        seen: { at: START, tempC: 95, state: 'mining' },
        policy: POLICY,
        room: { known: 8, resting: 0 },
      })
    assert.deepEqual(
      [at(0), at(STALE_MS), at(STALE_MS + 1), at(-1)],
      ['pause', 'pause', null, null]
    )
    const seen = { at: START - 1, tempC: 95, state: 'mining' } as const
    assert.equal(observe(hot, seen, POLICY, STALE_MS).memory.hot, 1)
  })
})
