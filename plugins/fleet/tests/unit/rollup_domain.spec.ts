import { test } from '@japa/runner'
import fc from 'fast-check'
import { aggregateBucket, NOTHING_SAID, type RawSample } from '../../domain/aggregate_bucket.js'
import { growthOf, restartsIn } from '../../domain/counter_delta.js'
import { energyBlocks, peakBlock } from '../../domain/energy_blocks.js'
import { dayStart, intervalsOfDay } from '../../domain/site_day.js'
import { energyBetween } from '../../domain/trapezoid.js'

const sample = (t: number, more: Partial<RawSample> = {}): RawSample => ({
  ...NOTHING_SAID,
  isMining: true,
  ...more,
  t,
})

const readings = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 400 }),
      powerW: fc.double({ min: 0, max: 5000, noNaN: true }),
    }),
    { minLength: 2, maxLength: 60 }
  )
  .map((list) => {
    let t = 0
    return list.map(({ step, powerW }) => ({ t: (t += step), powerW }))
  })

test.group('Energy by trapezoid', () => {
  test('add up over blocks to the whole, cover no more than there is, never below zero', ({
    assert,
  }) => {
    fc.assert(
      fc.property(readings, fc.integer({ min: 10, max: 500 }), (list, maxGapS) => {
        const end = Math.ceil(list.at(-1)!.t / 300) * 300
        const whole = energyBetween(list, [0, end], maxGapS)
        const blocks = energyBlocks(list, [0, end], { blockS: 300, maxGapS })
        const sum = blocks.reduce((total, { energyWh }) => total + energyWh, 0)
        assert.closeTo(sum, whole.energyWh, 1e-6)
        assert.isAtMost(whole.coveredS, end)
        for (const { energyWh, coverage } of blocks) {
          assert.isAtLeast(energyWh, 0)
          assert.isTrue(coverage >= 0 && coverage <= 1 + 1e-12)
        }
      })
    )
  })

  test('take no block for the peak that too little was covered of', ({ assert }) => {
    const list = [0, 60, 120, 180, 240, 300].map((t) => ({ t, powerW: 1000 }))
    const few = [...list, { t: 860, powerW: 9000 }, { t: 900, powerW: 9000 }]
    const blocks = energyBlocks(few, [0, 900], { blockS: 300, maxGapS: 120 })
    assert.closeTo(peakBlock(blocks, 0.8)!.demandW, 1000, 1e-9)
    assert.closeTo(peakBlock(blocks, 0)!.demandW, 9000, 1e-9)
    assert.equal(peakBlock(blocks, 0)!.start, 600)
    assert.isNull(peakBlock([], 0))
  })
})

test.group('Counters', () => {
  const at = (count: number | null, uptimeS: number | null = null) => ({ count, uptimeS })

  test('grow by differences, and begin at zero after a restart', ({ assert }) => {
    assert.equal(growthOf([at(100), at(130), at(150)]), 50)
    assert.equal(growthOf([at(100), at(null), at(150)]), 50)
    assert.equal(growthOf([at(1000), at(20), at(50)]), 50)
    // Seen only by the uptime: the new count has passed the old one already.
    assert.equal(growthOf([at(10, 5000), at(40, 30)]), 40)
    assert.isNull(growthOf([at(100)]))
    assert.isNull(growthOf([at(null), at(null)]))
    assert.equal(restartsIn([100, 130, null, 20, 50, 10]), 2)
  })

  test('never shrink, whatever a miner says', ({ assert }) => {
    const count = fc.option(fc.nat(), { nil: null })
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count)), (list) => {
        const growth = growthOf(list.map(([value, uptime]) => at(value, uptime)))
        assert.isTrue(growth === null || growth >= 0)
      })
    )
  })
})

test.group('Five minutes of a miner', () => {
  test('come to what one computes by hand', ({ assert }) => {
    const list = [
      sample(-30, { hashrateThs: 100, powerW: 3000, sharesAccepted: 10, uptimeS: 1000 }),
      sample(0, {
        hashrateThs: 100,
        powerW: 3000,
        sharesAccepted: 20,
        uptimeS: 1030,
        tempMaxC: 70,
      }),
      sample(100, {
        hashrateThs: 110,
        powerW: 3600,
        sharesAccepted: 30,
        uptimeS: 1130,
        tempMaxC: 80,
      }),
      sample(200, {
        hashrateThs: null,
        powerW: 0,
        isMining: false,
        uptimeS: 40,
        sharesAccepted: 5,
      }),
      sample(300, { hashrateThs: 90, powerW: 3000, sharesAccepted: 900, uptimeS: 140 }),
    ]
    const row = aggregateBucket(list, [0, 300], 120)
    assert.equal(row.samples, 3)
    assert.equal(row.secondsCovered, 300)
    assert.equal(row.secondsMining, 200)
    // (3000+3600)/2·100 + 3600/2·100 + 3000/2·100 = 660,000 Ws.
    assert.closeTo(row.energyWh!, 660_000 / 3600, 1e-9)
    assert.closeTo(row.powerW!.avg, 2200, 1e-9)
    assert.deepEqual([row.powerW!.min, row.powerW!.max], [0, 3600])
    // Between the second and the last hashrate lie 200 s: too far apart to say anything.
    assert.closeTo(row.hashrateThs!.avg, 105, 1e-9)
    assert.equal(row.tempMaxC!.max, 80)
    // 10 + 10, then 5 after the restart; the next bucket has the rest.
    assert.equal(row.sharesAccepted, 25)
    assert.equal(row.restarts, 1)
    assert.isNull(row.hardwareErrors)
    assert.isNull(row.expectedThs)
  })

  test('know nothing of a gap', ({ assert }) => {
    const row = aggregateBucket(
      [sample(-200), sample(10, { powerW: 1 }), sample(290)],
      [0, 300],
      120
    )
    assert.deepEqual([row.secondsCovered, row.energyWh, row.powerW!.avg], [0, null, 1])
  })

  test('hand shares and energy on from bucket to bucket without loss', ({ assert }) => {
    fc.assert(
      fc.property(readings, (list) => {
        const samples = list.map(({ t, powerW }, index) =>
          sample(t, { powerW, sharesAccepted: index * 3, uptimeS: t })
        )
        const end = Math.ceil((list.at(-1)!.t + 1) / 300) * 300
        const starts = Array.from({ length: end / 300 }, (_, index) => index * 300)
        const rows = starts.map((from) => aggregateBucket(samples, [from, from + 300], 500))
        const total = (name: 'sharesAccepted' | 'energyWh') =>
          rows.reduce((sum, row) => sum + (row[name] ?? 0), 0)
        assert.equal(total('sharesAccepted'), (list.length - 1) * 3)
        assert.closeTo(total('energyWh'), energyBetween(list, [0, end], 500).energyWh, 1e-6)
      })
    )
  })
})

test.group('Days of a site', () => {
  test('begin at its own midnight and have 23, 24 or 25 hours', ({ assert }) => {
    assert.equal(
      new Date(dayStart('2026-01-15', 'Europe/Oslo')).toISOString(),
      '2026-01-14T23:00:00.000Z'
    )
    assert.equal(
      new Date(dayStart('2026-07-15', 'America/Chicago')).toISOString(),
      '2026-07-15T05:00:00.000Z'
    )
    assert.lengthOf(intervalsOfDay('2026-03-29', 'Europe/Oslo', 15), 92)
    assert.lengthOf(intervalsOfDay('2026-10-25', 'Europe/Oslo', 15), 100)
    // Half an hour of summer time, as numerics.md says.
    assert.lengthOf(intervalsOfDay('2026-10-04', 'Australia/Lord_Howe', 15), 94)
    assert.lengthOf(intervalsOfDay('2026-04-05', 'Australia/Lord_Howe', 15), 98)
  })
})
