import { test } from '@japa/runner'
import fc from 'fast-check'
import { bestOf, differ } from '../../domain/compare.js'

const figure = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null })
const row = fc.array(figure, { maxLength: 4 })

test.group('Comparing figures', () => {
  test('name the highest or the lowest, ties together, and nothing where nothing is decided', ({
    assert,
  }) => {
    assert.deepEqual(bestOf([1, 3, 2], 'high'), [false, true, false])
    assert.deepEqual(bestOf([1, 3, 1], 'low'), [true, false, true])
    assert.deepEqual(bestOf([-5, null, -7], 'high'), [true, false, false])
    assert.deepEqual(bestOf([2, 2], 'high'), [false, false])
    assert.deepEqual(bestOf([2, null], 'high'), [false, false])
    assert.deepEqual(bestOf([1, 2], null), [false, false])
    assert.deepEqual(bestOf([], 'low'), [])
  })

  test('never name a missing one, never all, and the mirror image the other way round', ({
    assert,
  }) => {
    fc.assert(
      fc.property(row, (values) => {
        const best = bestOf(values, 'high')
        assert.lengthOf(best, values.length)
        for (const [index, isBest] of best.entries()) {
          if (isBest) assert.isNotNull(values[index])
        }
        if (values.length > 0) assert.isFalse(best.every(Boolean))
        const negated = values.map((value) => (value === null ? null : -value))
        assert.deepEqual(bestOf(negated, 'low'), best)
      })
    )
  })

  test('tell rows that are alike from those that are not', ({ assert }) => {
    assert.isFalse(differ([0.05, 0.05]))
    assert.isTrue(differ([0.05, 0.06]))
    assert.isTrue(differ([0.05, null]))
    assert.isFalse(differ([]))
  })
})
