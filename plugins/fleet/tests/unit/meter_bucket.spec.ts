import { test } from '@japa/runner'
import fc from 'fast-check'
import { meterBucket, type MeterReading } from '../../domain/meter_bucket.js'

const TERMS = { maxGapS: 120, counterEndWh: null }

const reading = (t: number, more: Partial<MeterReading> = {}): MeterReading => ({
  t,
  powerW: null,
  counterWh: null,
  temperatureC: null,
  humidityPct: null,
  supplyTempC: null,
  returnTempC: null,
  ...more,
})

/** Every so many seconds a counter that grows by so much, and power that goes with it. */
const steady = (
  from: number,
  to: number,
  { stepS = 30, watts = 36_000, startWh = 1_000_000 } = {}
) =>
  Array.from({ length: Math.floor((to - from) / stepS) + 1 }, (_, index) =>
    reading(from + index * stepS, {
      powerW: watts,
      counterWh: startWh + (watts * index * stepS) / 3600,
    })
  )

test.group('Five minutes of a meter', () => {
  test('are the growth of the counter, and power says the same', ({ assert }) => {
    // 36 kW for 300 s are 3 kWh.
    const bucket = meterBucket(steady(-60, 360), [0, 300], TERMS)
    assert.equal(bucket.energyWh, 3000)
    assert.closeTo(bucket.powerEnergyWh!, 3000, 1e-9)
    assert.equal(bucket.powerAvgW, 36_000)
    assert.deepEqual([bucket.samples, bucket.counterSeconds, bucket.powerSeconds], [10, 300, 300])
    assert.isNull(bucket.gapEnergyWh)
  })

  test('know nothing where nothing was said', ({ assert }) => {
    const bucket = meterBucket([reading(10), reading(40)], [0, 300], TERMS)
    assert.isNull(bucket.energyWh)
    assert.isNull(bucket.powerAvgW)
    assert.isNull(bucket.temperatureAvgC)
    assert.equal(bucket.samples, 2)
  })

  test('tell the growth across a gap where it ends, and not twice', ({ assert }) => {
    const readings = [
      reading(0, { counterWh: 1000 }),
      reading(60, { counterWh: 1010 }),
      reading(1000, { counterWh: 5010 }),
      reading(1060, { counterWh: 5020 }),
    ]
    const first = meterBucket(readings, [0, 300], TERMS)
    const silent = meterBucket(readings, [300, 600], TERMS)
    const last = meterBucket(readings, [900, 1200], TERMS)
    assert.deepEqual([first.energyWh, first.gapEnergyWh, first.counterSeconds], [10, null, 60])
    assert.deepEqual([silent.energyWh, silent.gapEnergyWh], [null, null])
    assert.deepEqual([last.energyWh, last.gapEnergyWh, last.counterSeconds], [10, 4000, 60])
  })

  test('go on when the counter passes its end, is reset, or slips', ({ assert }) => {
    const of = (counts: number[], counterEndWh: number | null = null) =>
      meterBucket(
        counts.map((counterWh, index) => reading(index * 30, { counterWh })),
        [0, 300],
        { maxGapS: 120, counterEndWh }
      ).energyWh
    assert.equal(of([990, 995, 3], 1000), 13)
    assert.equal(of([990, 995, 3]), 8)
    assert.equal(of([990, 995, 0, 7]), 12)
    assert.equal(of([990, 995, 900, 1000]), 10)
  })

  test('add up to the counter, wherever the readings lie', ({ assert }) => {
    const growths = fc.array(
      fc.record({
        afterS: fc.integer({ min: 1, max: 400 }),
        wh: fc.integer({ min: 0, max: 5000 }),
      }),
      { minLength: 1, maxLength: 60 }
    )
    fc.assert(
      fc.property(growths, fc.integer({ min: 0, max: 299 }), (steps, startS) => {
        const readings = [reading(startS, { counterWh: 7 })]
        for (const { afterS, wh } of steps) {
          const last = readings.at(-1)!
          readings.push(reading(last.t + afterS, { counterWh: last.counterWh! + wh }))
        }
        const end = readings.at(-1)!
        let sum = 0
        for (let from = 0; from <= end.t; from += 300) {
          const bucket = meterBucket(readings, [from, from + 300], TERMS)
          sum += (bucket.energyWh ?? 0) + (bucket.gapEnergyWh ?? 0)
        }
        assert.equal(sum, end.counterWh! - 7)
      })
    )
  })

  test('have the mean of sensors', ({ assert }) => {
    const readings = [20, 22, 27].map((temperatureC, index) =>
      reading(index * 60, { temperatureC, humidityPct: 40 + index })
    )
    const bucket = meterBucket(readings, [0, 300], TERMS)
    assert.deepEqual(
      [bucket.temperatureAvgC, bucket.temperatureMaxC, bucket.humidityAvgPct],
      [23, 27, 41]
    )
  })

  test('have the mean of the coolant on both ways, and the hottest supply', ({ assert }) => {
    const readings = [
      reading(0, { supplyTempC: 30, returnTempC: 41 }),
      reading(60, { supplyTempC: 36 }),
      reading(400, { supplyTempC: 90, returnTempC: 90 }),
    ]
    const bucket = meterBucket(readings, [0, 300], TERMS)
    assert.deepEqual(
      [bucket.supplyTempAvgC, bucket.supplyTempMaxC, bucket.returnTempAvgC],
      [33, 36, 41]
    )
    assert.isNull(bucket.temperatureAvgC)
  })
})
