import { test } from '@japa/runner'
import fc from 'fast-check'
import { BOX, priceLine } from '../../services/price_line.js'

test.group('The price line', () => {
  test('need two points to be a line', ({ assert }) => {
    assert.isNull(priceLine([]))
    assert.isNull(priceLine([[1, 100]]))
    assert.isNull(
      priceLine([
        [1, 0],
        [2, 100],
      ])
    )
  })

  test('stay in its box, go from left to right, and higher where the price is higher', ({
    assert,
  }) => {
    const prices = fc.array(fc.double({ min: 1e-3, max: 1e7, noNaN: true }), {
      minLength: 2,
      maxLength: 50,
    })
    fc.assert(
      fc.property(prices, (values) => {
        const { line } = priceLine(values.map((value, index) => [index * 1000, value]))!
        const points = line.split(' ').map((pair) => pair.split(',').map(Number))
        assert.lengthOf(points, values.length)
        for (const [index, [x, y]] of points.entries()) {
          assert.isTrue(x! >= 0 && x! <= BOX.width && y! >= 0 && y! <= BOX.height)
          const next = points[index + 1]
          if (!next) continue
          assert.isAtLeast(next[0]!, x!)
          if (values[index + 1]! > values[index]!) assert.isAtMost(next[1]!, y!)
        }
      })
    )
  })
})
