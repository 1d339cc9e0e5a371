import { test } from '@japa/runner'
import fc from 'fast-check'
import {
  aggregateBucket,
  type BucketAggregate,
  type RawSample,
} from '../../domain/aggregate_bucket.js'
import { BUCKET_S, bucketOf, maxGapS } from '../../domain/bucket.js'
import { growthOf, restartsIn } from '../../domain/counter_delta.js'
import { mergeBuckets } from '../../domain/merge_buckets.js'
import { intervalsOfDay } from '../../domain/site_day.js'

const at = (count: number | null, uptimeS: number | null = null) => ({ count, uptimeS })

const value = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }), { nil: null })

/** A miner that may say anything, in order of time. */
const history = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 400 }),
      isAnswered: fc.boolean(),
      isMining: fc.option(fc.boolean(), { nil: null }),
      uptimeS: fc.option(fc.nat(1e6), { nil: null }),
      hashrateThs: value(500),
      expectedThs: value(500),
      powerW: value(5000),
      powerSource: fc.option(fc.nat(2), { nil: null }),
      tempMaxC: value(120),
      tempInletC: value(60),
      fanMinRpm: value(8000),
      fanMaxRpm: value(8000),
      sharesAccepted: fc.option(fc.nat(1e9), { nil: null }),
      sharesRejected: fc.option(fc.nat(1e9), { nil: null }),
      sharesStale: fc.constant(null),
      hardwareErrors: fc.constant(null),
    }),
    { minLength: 1, maxLength: 50 }
  )
  .map((list) => {
    let t = 0
    return list.map(({ step, ...rest }): RawSample => ({ ...rest, t: (t += step) }))
  })

const endOf = (samples: readonly RawSample[]) =>
  Math.ceil((samples.at(-1)!.t + 1) / BUCKET_S) * BUCKET_S

test.group('Counters', () => {
  test('take an overflow of 32 bits for growth, with or without an uptime', ({ assert }) => {
    assert.equal(growthOf([at(4_294_967_290), at(10)]), 16)
    assert.equal(growthOf([at(4_294_967_290, 500), at(10, 560)]), 16)
    // With a restart it is one.
    assert.equal(growthOf([at(4_294_967_290, 500), at(10, 30)]), 10)
  })

  test('overlook a slip: a pool that is missing for one poll counts nothing twice', ({
    assert,
  }) => {
    assert.equal(growthOf([at(1_000_000, 500), at(600_000, 560), at(1_000_040, 620)]), 40)
    assert.equal(growthOf([at(1_000_000), at(600_000), at(600_010), at(1_000_040)]), 40)
  })

  test('that are set back while the process goes on begin at zero', ({ assert }) => {
    assert.equal(growthOf([at(1_000_000, 500), at(20, 560), at(50, 620)]), 50)
  })

  test('never grow by more than was said after a reset', ({ assert }) => {
    const counts = fc.array(fc.nat(1e6), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(counts, counts, (before, after) => {
        const [old, fresh] = [before, after].map((list) => list.sort((a, b) => a - b))
        const first = old!.map((count, index) => at(count, 10_000 + index))
        const second = fresh!.map((count, index) => at(count, index))
        const growth = growthOf([...first, ...second])!
        assert.equal(growth, old!.at(-1)! - old![0]! + fresh!.at(-1)!)
        assert.equal(restartsIn([...first, ...second].map(({ uptimeS }) => uptimeS)), 1)
      })
    )
  })
})

test.group('Five minutes of anything', () => {
  test('never say what cannot be', ({ assert }) => {
    fc.assert(
      fc.property(history, fc.integer({ min: 30, max: 900 }), (samples, gap) => {
        for (let from = 0; from < endOf(samples); from += BUCKET_S) {
          const row = aggregateBucket(samples, [from, from + BUCKET_S], gap)
          assert.isTrue(row.secondsCovered >= 0 && row.secondsCovered <= BUCKET_S)
          assert.isAtMost(row.secondsOnline, row.secondsCovered)
          assert.isAtMost(row.secondsMining, row.secondsCovered)
          for (const number of [row.energyWh, row.sharesAccepted, row.sharesRejected]) {
            assert.isTrue(number === null || number >= 0)
          }
          for (const spread of [row.powerW, row.hashrateThs, row.tempMaxC]) {
            assert.isTrue(spread === null || spread.min <= spread.max)
          }
        }
      })
    )
  })

  test('add up to the whole: samples, seconds, energy and restarts', ({ assert }) => {
    fc.assert(
      fc.property(history, fc.integer({ min: 30, max: 900 }), (samples, gap) => {
        const end = endOf(samples)
        const whole = aggregateBucket(samples, [0, end], gap)
        const parts: BucketAggregate[] = []
        for (let from = 0; from < end; from += BUCKET_S) {
          parts.push(aggregateBucket(samples, [from, from + BUCKET_S], gap))
        }
        const sum = (name: 'samples' | 'secondsCovered' | 'restarts' | 'energyWh') =>
          parts.reduce((total, row) => total + (row[name] ?? 0), 0)
        assert.equal(sum('samples'), whole.samples)
        assert.equal(sum('secondsCovered'), whole.secondsCovered)
        assert.equal(sum('restarts'), whole.restarts)
        assert.closeTo(sum('energyWh'), whole.energyWh ?? 0, 1e-6)
      })
    )
  })

  test('do not depend on what lies further away than the gap', ({ assert }) => {
    fc.assert(
      fc.property(history, (samples) => {
        const gap = maxGapS(30)
        const [from, to] = [300, 600]
        const near = samples.filter(({ t }) => t >= from - gap && t < to + gap)
        const [all, few] = [samples, near].map((list) => aggregateBucket(list, [from, to], gap))
        assert.deepEqual(all!.powerW, few!.powerW)
        assert.equal(all!.energyWh, few!.energyWh)
        assert.equal(all!.secondsCovered, few!.secondsCovered)
      })
    )
  })

  test('begin where their clock says', ({ assert }) => {
    assert.equal(
      new Date(bucketOf(Date.UTC(2026, 0, 1, 12, 4, 59))).toISOString().slice(11, 16),
      '12:00'
    )
    assert.deepEqual([maxGapS(5), maxGapS(30), maxGapS(60), maxGapS(600)], [120, 120, 180, 1800])
  })
})

test.group('Late samples merged into five minutes', () => {
  const of = (samples: RawSample[]) => aggregateBucket(samples, [0, BUCKET_S], 120)
  const power = (t: number, powerW: number, more: Partial<RawSample> = {}): RawSample => ({
    t,
    isAnswered: true,
    isMining: true,
    uptimeS: null,
    hashrateThs: null,
    expectedThs: null,
    powerW,
    powerSource: null,
    tempMaxC: null,
    tempInletC: null,
    fanMinRpm: null,
    fanMaxRpm: null,
    sharesAccepted: null,
    sharesRejected: null,
    sharesStale: null,
    hardwareErrors: null,
    ...more,
  })

  test('fill what was not covered, by the seconds that each covers', ({ assert }) => {
    const base = of([power(0, 3000), power(60, 3000), power(120, 3000)])
    const late = of([power(180, 1500, { tempMaxC: 80 }), power(240, 1500), power(299, 1500)])
    const row = mergeBuckets(base, late)
    assert.deepEqual([row.samples, row.secondsCovered], [6, 239])
    assert.closeTo(row.energyWh!, (3000 * 120 + 1500 * 119) / 3600, 1e-9)
    assert.closeTo(row.powerW!.avg, (3000 * 120 + 1500 * 119) / 239, 1e-9)
    assert.deepEqual([row.powerW!.min, row.powerW!.max, row.tempMaxC!.max], [1500, 3000, 80])
    assert.isNull(row.sharesAccepted)
  })

  test('change nothing where all was covered, and count no second twice', ({ assert }) => {
    const full = of([0, 100, 200, 300].map((t) => power(t, 1000)))
    assert.deepEqual(mergeBuckets(full, of([power(10, 9000), power(20, 9000)])), full)
    const most = of([0, 100, 200, 280].map((t) => power(t, 1000)))
    const row = mergeBuckets(most, of([power(200, 9000), power(240, 9000)]))
    assert.equal(row.secondsCovered, 300)
    assert.closeTo(row.energyWh!, (1000 * 280 + 9000 * 20) / 3600, 1e-9)
  })

  test('never lose anything', ({ assert }) => {
    fc.assert(
      fc.property(history, history, (one, two) => {
        const [base, late] = [of(one), of(two)]
        const row = mergeBuckets(base, late)
        for (const name of ['samples', 'secondsCovered', 'secondsOnline', 'restarts'] as const) {
          assert.isAtLeast(row[name], base[name])
        }
        assert.isAtLeast(row.energyWh ?? 0, base.energyWh ?? 0)
        assert.isAtLeast(row.sharesAccepted ?? 0, base.sharesAccepted ?? 0)
        assert.isAtMost(row.secondsCovered, BUCKET_S)
      })
    )
  })
})

test.group('Intervals of a day', () => {
  test('follow one another without a hole from day to day, whatever the zone', ({ assert }) => {
    const zones = ['America/Chicago', 'Europe/Oslo', 'Australia/Lord_Howe', 'Asia/Shanghai', 'UTC']
    const day = fc.integer({ min: 0, max: 3650 })
    fc.assert(
      fc.property(fc.constantFrom(...zones), day, (zone, offset) => {
        const name = (days: number) =>
          new Date(Date.UTC(2020, 0, 1) + days * 86_400_000).toISOString().slice(0, 10)
        const today = intervalsOfDay(name(offset), zone, 15)
        const [next] = intervalsOfDay(name(offset + 1), zone, 15)
        assert.equal(today.at(-1)! + 15 * 60_000, next)
        assert.isTrue(today.length >= 92 && today.length <= 100)
      })
    )
  })
})
