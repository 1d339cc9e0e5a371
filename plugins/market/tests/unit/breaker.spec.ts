import { test } from '@japa/runner'
import fc from 'fast-check'
import { afterFailure, type Breaker, breakerState } from '../../domain/breaker.js'
import { firstGap, newestClosed, SPAN_MS } from '../../domain/candle_gaps.js'

const now = new Date('2026-11-25T12:00:00Z')
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const CLOSED: Breaker = { failures: 0, retryAt: null }

function failures(count: number): Breaker {
  let breaker = CLOSED
  for (let n = 0; n < count; n++) breaker = afterFailure(breaker, now)
  return breaker
}

test.group('The breaker', () => {
  test('open at the third failure for 30 s, then for twice as long, ten minutes at most', ({
    assert,
  }) => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map((count) => {
      const { retryAt } = failures(count)
      return retryAt ? (retryAt.getTime() - now.getTime()) / 1000 : null
    })
    assert.deepEqual(pauses, [null, null, 30, 60, 120, 240, 480, 600, 600, 600])
  })

  test('let one try through when its time has come, and stay open before', ({ assert }) => {
    assert.equal(breakerState(CLOSED, now), 'closed')
    assert.equal(breakerState(failures(2), now), 'closed')
    assert.equal(breakerState(failures(3), after(29)), 'open')
    assert.equal(breakerState(failures(3), after(30)), 'half_open')
    assert.equal(breakerState(afterFailure(failures(3), after(30)), after(89)), 'open')
    assert.equal(breakerState(afterFailure(failures(3), after(30)), after(90)), 'half_open')
  })

  test('never stay open for longer than ten minutes, whatever happened', ({ assert }) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (count) => {
        const breaker = afterFailure({ failures: count }, now)
        assert.notEqual(breakerState(breaker, after(600)), 'open')
      })
    )
  })
})

test.group('Gaps of candles', () => {
  const HOUR = SPAN_MS['1h']
  const noon = Date.parse('2026-11-25T12:00:00Z')

  test('end with the newest candle that is over', ({ assert }) => {
    assert.equal(newestClosed('1h', noon), noon - HOUR)
    assert.equal(newestClosed('1h', noon - 1), noon - 2 * HOUR)
    assert.equal(newestClosed('1d', noon), Date.parse('2026-11-24T00:00:00Z'))
  })

  test('find the first that is missing, and none once all are there', ({ assert }) => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 48 })), (missing) => {
        const all = Array.from({ length: 48 }, (_, n) => n + 1)
        const stored = new Set(all.filter((n) => !missing.includes(n)).map((n) => noon - n * HOUR))
        const expected = missing.length > 0 ? noon - Math.max(...missing) * HOUR : null
        assert.equal(firstGap('1h', stored, noon - 48 * HOUR, noon), expected)
      })
    )
  })
})
