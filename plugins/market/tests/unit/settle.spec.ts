import { test } from '@japa/runner'
import fc from 'fast-check'
import { SERIES_RULES } from '../../domain/series_rules.js'
import { type Said, settle } from '../../domain/settle.js'

const price = SERIES_RULES.price_usd
const said = (...values: number[]): Said[] =>
  values.map((value, index) => ({ source: `s${index + 1}`, value }))
const ask = (values: number[], quorum: 1 | 2 = 2, lastValue?: number) =>
  settle(said(...values), {
    rule: price,
    quorum,
    last: lastValue === undefined ? null : { value: lastValue, ageMs: 30_000 },
  })

test.group('Settling what sources say', () => {
  test('agree within half a percent and take the value of the first by order', ({ assert }) => {
    assert.deepEqual(ask([100_000, 100_500]), {
      value: 100_000,
      source: 's1, s2',
      quality: 'agreed',
      isFinal: true,
      detail: [
        { source: 's1', value: 100_000, verdict: 'used' },
        { source: 's2', value: 100_500, verdict: 'agrees' },
      ],
    })
    assert.equal((ask([100_000, 100_501]) as { quality: string }).quality, 'disputed')
  })

  test('take the first of two that contradict, the median of three, a said value of four', ({
    assert,
  }) => {
    assert.containsSubset(ask([100_000, 120_000]), { value: 100_000, quality: 'disputed' })
    assert.containsSubset(ask([120_000, 100_000, 110_000]), { value: 110_000, source: 's3' })
    // The two in the middle are 110,000 and 120,000: 120,000 comes first by order.
    assert.containsSubset(ask([130_000, 120_000, 110_000, 100_000]), { value: 120_000 })
  })

  test('side with two that agree against the last value, and with nobody alone', ({ assert }) => {
    assert.containsSubset(ask([200_000], 1, 100_000), {
      value: null,
      detail: [{ verdict: 'implausible' }],
    })
    assert.containsSubset(ask([200_000, 200_100], 1, 100_000), {
      value: 200_000,
      quality: 'agreed',
    })
    assert.containsSubset(ask([200_000, 100_100], 1, 100_000), {
      value: 100_100,
      source: 's2',
      quality: 'single',
    })
  })

  test('go on asking until the quorum is there', ({ assert }) => {
    assert.containsSubset(ask([100_000]), { quality: 'single', isFinal: false })
    assert.containsSubset(ask([100_000], 1), { quality: 'single', isFinal: true })
    assert.deepEqual(ask([]), { value: null, detail: [] })
  })

  test('never give a value that nobody said, nor an absurd one, and judge everybody', ({
    assert,
  }) => {
    const value = fc.oneof(
      fc.double({ min: 0, max: 2e8, noNaN: true }),
      fc.constantFrom(Number.NaN, Infinity, -1, 0, 1, 1e8, 100_000, 100_100, 150_000)
    )
    const last = fc.option(fc.double({ min: 1, max: 1e8, noNaN: true }), { nil: undefined })
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 8 }),
        last,
        fc.constantFrom(1, 2),
        (values, was, quorum) => {
          const result = ask(values, quorum as 1 | 2, was)
          assert.lengthOf(result.detail, values.length)
          if (result.value === null) return
          assert.include(values, result.value)
          assert.isAtLeast(result.value, price.min)
          assert.isAtMost(result.value, price.max)
          assert.equal(result.detail.filter(({ verdict }) => verdict === 'used').length, 1)
          if (result.quality !== 'agreed' && was !== undefined) {
            assert.isTrue(price.follows(result.value, was, 30_000))
          }
        }
      ),
      { numRuns: 2000 }
    )
  })

  test('say agreed exactly when two possible values are within the band', ({ assert }) => {
    const value = fc.double({ min: 90_000, max: 110_000, noNaN: true })
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 6 }), (values) => {
        const isClose = values.some((a, i) =>
          values.some((b, j) => i < j && Math.abs(a - b) <= 0.005 * Math.min(a, b))
        )
        const { quality } = ask(values) as { quality: string }
        assert.equal(quality, isClose ? 'agreed' : 'disputed')
      })
    )
  })
})

test.group('Plausibility', () => {
  const day = 86_400_000
  const follows = (series: keyof typeof SERIES_RULES, value: number, last: number, ageMs: number) =>
    SERIES_RULES[series].follows(value, last, ageMs)

  test('let a difficulty change by a quarter to four times at a retarget, and no more', ({
    assert,
  }) => {
    assert.isTrue(follows('difficulty', 400, 100, 60_000))
    assert.isTrue(follows('difficulty', 25, 100, 60_000))
    assert.isFalse(follows('difficulty', 401, 100, 60_000))
    assert.isFalse(follows('difficulty', 24.9, 100, 60_000))
    // 3.5 days is the shortest epoch: two retargets may lie within.
    assert.isTrue(follows('difficulty', 1600, 100, 3.5 * day))
    assert.isFalse(follows('difficulty', 1601, 100, 3.5 * day))
  })

  test('let a height go on with the clock and back by a few blocks', ({ assert }) => {
    assert.isTrue(follows('block_height', 994, 1000, 60_000))
    assert.isFalse(follows('block_height', 993, 1000, 60_000))
    // 144 blocks a day, at four times the pace, and a dozen.
    assert.isTrue(follows('block_height', 1000 + 4 * 144 + 12, 1000, day))
    assert.isFalse(follows('block_height', 1000 + 4 * 144 + 13, 1000, day))
  })

  test('let a price jump less the younger the last one is', ({ assert }) => {
    assert.isFalse(follows('price_usd', 151_000, 100_000, 30_000))
    assert.isTrue(follows('price_usd', 150_000, 100_000, 30_000))
    assert.isTrue(follows('price_usd', 190_000, 100_000, 2 * 3_600_000))
    assert.isFalse(follows('price_usd', 210_000, 100_000, 2 * 3_600_000))
    assert.isTrue(follows('price_usd', 390_000, 100_000, 2 * day))
    assert.isTrue(follows('price_usd', 1_000_000, 100, 31 * day))
  })

  test('let fees rise again from nothing', ({ assert }) => {
    assert.isTrue(follows('fees_sats_per_block', 5_000_000, 0, 300_000))
    assert.isTrue(follows('fees_sats_per_block', 0, 0, 300_000))
    assert.isTrue(follows('mempool_fee_sat_vb', 100, 0, 300_000))
    assert.isFalse(follows('mempool_fee_sat_vb', 101, 0, 300_000))
  })
})
