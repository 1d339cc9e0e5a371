import { test } from '@japa/runner'
import { heatStep, tornadoBars } from '#services/view/charts'

test.group('Figures drawn by the server', () => {
  test('colour a cell by its share of the largest one')
    .with([
      { value: -100, step: 'n2' },
      { value: -10, step: 'n1' },
      { value: -3, step: '0' },
      { value: 3, step: '0' },
      { value: 20, step: 'p1' },
      { value: 40, step: 'p2' },
      { value: 100, step: 'p3' },
      { value: null, step: '0' },
    ])
    .run(({ assert }, { value, step }) => {
      assert.equal(heatStep(value, 100), step)
    })

  test('draw losses to the left of the middle and gains to the right', ({ assert }) => {
    const [low, high] = tornadoBars({ low: -50, high: 100 }, 100)
    // Half of the reach is 49 of 98 units: from 51 to 100.
    assert.deepEqual(low, { side: 'low', x: '51.00', width: '49.00' })
    assert.deepEqual(high, { side: 'high', x: '100.00', width: '98.00' })
  })
})
