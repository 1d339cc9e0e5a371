import { test } from '@japa/runner'
import fc from 'fast-check'
import { emptyReading, SCHEMA_VERSION, type TelemetryRecord } from '../protocol/record.js'
import { checkSample, type Sample } from '../protocol/sample.js'
import { Poller } from '../src/poll/poller.js'
import { DEFAULT_PACE, Schedule } from '../src/poll/schedule.js'
import { FakeTime } from './support/fake_time.js'

const START = Date.UTC(2026, 0, 5)
const keys = (count: number) => Array.from({ length: count }, (_, index) => `ip:10.0.0.${index}`)

type Times = Record<'poll' | 'echo', number[]>

interface Told {
  isReachable?: (now: number) => boolean
  isAnomaly?: (now: number) => boolean
}

/** When one miner is asked and when its silence is told, second by second. */
function watch(schedule: Schedule, miner: string, seconds: number, told: Told = {}): Times {
  const times: Times = { poll: [], echo: [] }
  for (let now = 1000; now <= seconds * 1000; now += 1000) {
    for (const turn of schedule.due(now)) {
      const isReachable = told.isReachable?.(now) ?? true
      const isAnomaly = told.isAnomaly?.(now) ?? false
      if (turn.miner === miner) times[turn.type].push(now)
      if (turn.type === 'poll') schedule.finished(turn.miner, now, { isReachable, isAnomaly })
    }
  }
  return times
}

const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - times[index]!)

test.group('Schedule', () => {
  test('every miner is asked once in every interval, at its own moment', ({ assert }) => {
    const schedule = new Schedule()
    schedule.set(keys(1), 0)
    const { poll, echo } = watch(schedule, 'ip:10.0.0.0', 600)
    assert.lengthOf(poll, 20)
    assert.isTrue(gaps(poll).every((gap) => gap === 30_000))
    assert.lengthOf(echo, 0)
    const again = new Schedule()
    again.set(keys(1), 0)
    assert.deepEqual(watch(again, 'ip:10.0.0.0', 600).poll, poll)
  })

  test('the load of many miners is even', ({ assert }) => {
    const schedule = new Schedule({ ...DEFAULT_PACE, maxConcurrent: 5000 })
    schedule.set(keys(3000), 0)
    const counts: number[] = []
    for (let now = 1000; now <= 30_000; now += 1000) counts.push(schedule.due(now).length)
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      3000
    )
    assert.isBelow(Math.max(...counts), 200)
    assert.isAbove(Math.min(...counts), 40)
  })

  test('never asks more at once than it may, nor one miner twice', ({ assert }) => {
    const busy = fc.array(fc.record({ passMs: fc.nat(20_000), finish: fc.nat(8) }))
    fc.assert(
      fc.property(busy, (steps) => {
        const schedule = new Schedule({ ...DEFAULT_PACE, maxConcurrent: 5 })
        schedule.set(keys(20), 0)
        const underWay: string[] = []
        let now = 0
        for (const { passMs, finish } of steps) {
          now += passMs
          for (const { miner, type } of schedule.due(now)) {
            if (type === 'echo') continue
            assert.notInclude(underWay, miner)
            underWay.push(miner)
          }
          assert.isAtMost(underWay.length, 5)
          assert.equal(schedule.busy, underWay.length)
          for (const miner of underWay.splice(0, finish)) {
            schedule.finished(miner, now, { isReachable: now % 2 === 0, isAnomaly: now % 3 === 0 })
          }
        }
      })
    )
  })

  test('the dead are asked less and less, but their silence is told as often as ever', ({
    assert,
  }) => {
    const schedule = new Schedule()
    schedule.set(keys(1), 0)
    const { poll, echo } = watch(schedule, 'ip:10.0.0.0', 3600, { isReachable: () => false })
    assert.deepEqual(gaps(poll).slice(0, 3), [30_000, 60_000, 120_000])
    assert.isTrue(
      gaps(poll)
        .slice(5)
        .every((gap) => gap === 300_000)
    )
    const both = [...poll, ...echo].toSorted((a, b) => a - b)
    assert.isTrue(gaps(both).every((gap) => gap === 30_000))
  })

  test('one that comes back is asked at the normal rate at once', ({ assert }) => {
    const schedule = new Schedule()
    schedule.set(keys(1), 0)
    const backAt = 1_800_000
    const isReachable = (now: number) => now >= backAt
    const { poll } = watch(schedule, 'ip:10.0.0.0', 3600, { isReachable })
    const after = poll.filter((time) => time >= backAt)
    assert.isAtMost(after[0]! - backAt, 300_000)
    assert.isTrue(gaps(after).every((gap) => gap === 30_000))
  })

  test('after an anomaly asks every five seconds for two minutes', ({ assert }) => {
    const schedule = new Schedule()
    schedule.set(keys(1), 0)
    let anomalyAt = 0
    const isAnomaly = (now: number) => {
      if (anomalyAt > 0 || now < 100_000) return false
      anomalyAt = now
      return true
    }
    const { poll } = watch(schedule, 'ip:10.0.0.0', 600, { isAnomaly })
    const within = poll.filter((time) => time >= anomalyAt && time <= anomalyAt + 120_000)
    assert.isTrue(gaps(within).every((gap) => gap <= 5000))
    assert.isAtLeast(within.length, 24)
    const after = poll.filter((time) => time > anomalyAt + 130_000)
    assert.isTrue(gaps(after).every((gap) => gap === 30_000))
  })

  test('a power cut does not make the whole site burst', ({ assert }) => {
    const schedule = new Schedule({ ...DEFAULT_PACE, maxConcurrent: 5000 })
    schedule.set(keys(1000), 0)
    let polls = 0
    for (let now = 1000; now <= 120_000; now += 1000) {
      for (const { miner, type } of schedule.due(now)) {
        if (type === 'echo') continue
        polls++
        schedule.finished(miner, now, { isReachable: true, isAnomaly: true })
      }
    }
    assert.isBelow(polls, 1000 * 4 + 50 * 24 + 100)
  })

  test('a miner that is taken off while it is asked frees its place', ({ assert }) => {
    const schedule = new Schedule({ ...DEFAULT_PACE, maxConcurrent: 1 })
    schedule.set(keys(2), 0)
    const [first] = schedule.due(60_000)
    schedule.set(
      keys(2).filter((key) => key !== first!.miner),
      60_000
    )
    assert.lengthOf(schedule.due(60_000), 0)
    schedule.finished(first!.miner, 61_000, { isReachable: true, isAnomaly: false })
    assert.equal(schedule.busy, 0)
    assert.notEqual(schedule.due(61_000)[0]!.miner, first!.miner)
    assert.lengthOf(schedule.due(200_000), 0)
  })
})

const record = (time: FakeTime, more: Partial<TelemetryRecord> = {}): TelemetryRecord => ({
  ...emptyReading(),
  schema_version: SCHEMA_VERSION,
  observed_at: new Date(time.clock()).toISOString(),
  poll_ms: 5,
  outcome: 'ok',
  problems: [],
  ip: '10.0.0.1',
  efficiency_jth: null,
  temp_max_c: 60,
  state: 'mining',
  hashrate_ths: 100,
  pools: [],
  ...more,
})

/** One miner that answers as `answer` says, polled until the end. */
function polling(answer: (time: FakeTime) => Partial<TelemetryRecord> | null) {
  const time = new FakeTime(START)
  const samples: Sample[] = []
  const logs: string[] = []
  const asked: number[] = []
  const poller = new Poller({
    read: (target) => {
      asked.push(time.monotonic())
      const given = answer(time)
      return Promise.resolve(given && record(time, { ip: target.ip, ...given }))
    },
    emit: (sample) => samples.push(sample),
    time,
    log: (_, message) => void logs.push(message),
  })
  const stopped = new AbortController()
  poller.setTargets([{ key: 'ip:10.0.0.1', ip: '10.0.0.1' }])
  const running = poller.run(stopped.signal)
  return {
    time,
    samples,
    asked,
    logs,
    poller,
    async end() {
      stopped.abort()
      await running
    },
  }
}

const UNREACHABLE = { outcome: 'unreachable', state: 'unknown', pools: null } as const
const API_DOWN = { ...UNREACHABLE, outcome: 'api_down' } as const

test.group('Poller', () => {
  test('tells samples that the portal takes, with the detail now and then', async ({ assert }) => {
    const on = polling(() => ({}))
    await on.time.pass(1_800_000)
    await on.end()
    assert.lengthOf(on.samples, 60)
    for (const sample of on.samples) assert.isNull(checkSample(sample))
    assert.approximately(on.samples.filter(({ detail }) => detail).length, 7, 1)
    assert.isDefined(on.samples[0]!.detail)
    assert.deepEqual(on.poller.counts, { known: 1, answering: 1 })
    assert.isNumber(on.poller.round.roundMs)
  }).timeout(30_000)

  test('a change is told with its detail at once', async ({ assert }) => {
    const isChanged = (time: FakeTime) => time.monotonic() > 100_000
    const on = polling((time) => ({ firmware_version: isChanged(time) ? '2' : '1' }))
    await on.time.pass(150_000)
    await on.end()
    const changed = on.samples.find(({ at }) => at > START + 100_000)!
    assert.equal(changed.detail?.firmware_version, '2')
  })

  test('no detail comes from a miner that does not answer, or half', async ({ assert }) => {
    let polls = 0
    const answers = [{}, API_DOWN, { outcome: 'partial', pools: null } as const, UNREACHABLE]
    const on = polling(() => answers[polls++ % answers.length]!)
    // Not longer than the first detail lasts.
    on.poller.detailMs = 3_600_000
    await on.time.pass(240_000)
    await on.end()
    const detailed = on.samples.filter(({ detail }) => detail)
    assert.lengthOf(detailed, 1)
    assert.equal(detailed[0]!.outcome, 'ok')
    assert.isAtLeast(on.samples.length, 8)
  })

  test('silence is told at the normal rate, as what it is', async ({ assert }) => {
    const on = polling(() => UNREACHABLE)
    await on.time.pass(1_800_000)
    await on.end()
    assert.lengthOf(on.samples, 60)
    assert.isBelow(on.asked.length, 15)
    assert.isTrue(on.samples.every(({ outcome }) => outcome === 'unreachable'))
    for (const sample of on.samples) assert.isNull(checkSample(sample))
    assert.deepEqual(on.poller.counts, { known: 1, answering: 0 })
  }).timeout(30_000)

  test('a drop of the hashrate is looked at closely', async ({ assert }) => {
    const on = polling((time) => ({ hashrate_ths: time.monotonic() > 300_000 ? 50 : 100 }))
    await on.time.pass(600_000)
    await on.end()
    const close = gaps(on.asked).filter((gap) => gap <= 5200)
    assert.isAtLeast(close.length, 22)
  })

  test('goes on when somebody sets the clock back', async ({ assert }) => {
    const on = polling(() => ({}))
    await on.time.pass(300_000)
    const before = on.samples.length
    on.time.wallAt -= 86_400_000
    await on.time.pass(300_000)
    await on.end()
    assert.equal(on.samples.length - before, 10)
  })

  test('an error of ours is told, counted and ends nothing', async ({ assert }) => {
    const on = polling(() => {
      throw new TypeError('a bug')
    })
    await on.time.pass(300_000)
    await on.end()
    assert.match(on.logs[0]!, /a bug/)
    assert.isAbove(on.poller.bugs, 2)
    assert.lengthOf(on.samples, 10)
  })

  test('what was taken off the list says nothing more', async ({ assert }) => {
    const on = polling(() => ({}))
    await on.time.pass(90_000)
    const before = on.samples.length
    on.poller.setTargets([])
    await on.time.pass(90_000)
    await on.end()
    assert.equal(on.samples.length, before)
    assert.deepEqual(on.poller.counts, { known: 0, answering: 0 })
  })
})
