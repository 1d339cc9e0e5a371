import { test } from '@japa/runner'
import fc from 'fast-check'
import { askedIn, tariffScale } from '../../services/mini_profit.js'

const answer = (even: number | null, own: number | null) =>
  ({
    breakEvenUsdPerKwh: even,
    sources: { usdPerKwh: { value: own } },
  }) as Parameters<typeof tariffScale>[0]

test.group('The small calculator', () => {
  // The line ends 1.25 times beyond the larger of the two: 0.1 of 0.125 is 80 %, 0.05 is 40 %.
  test('place a tariff and its break-even on one line', ({ assert }) => {
    assert.deepEqual(tariffScale(answer(0.1, 0.05)), { even: 80, own: 40 })
    assert.deepEqual(tariffScale(answer(0.1, 0.2)), { even: 40, own: 80 })
  })

  test('draw no line where there is nothing to draw', ({ assert }) => {
    for (const [even, own] of [
      [null, 0.05],
      [0, 0.05],
      [0.1, -0.01],
      [0.1, null],
    ] as const) {
      assert.isNull(tariffScale(answer(even, own)))
    }
  })

  test('keep both on the line, and in their order', ({ assert }) => {
    const amount = fc.double({ min: 1e-6, max: 50, noNaN: true })
    fc.assert(
      fc.property(amount, amount, (even, own) => {
        const scale = tariffScale(answer(even, own))!
        assert.isTrue([scale.even, scale.own].every((one) => one >= 0 && one <= 100))
        if (own < even) assert.isAtMost(scale.own, scale.even)
        else assert.isAtLeast(scale.own, scale.even)
      })
    )
  })

  test('read its own fields and nothing else, and leave empty ones to the market', ({ assert }) => {
    const query = { usdPerKwh: '0.05', btcUsd: '', modelId: ['a'], count: '7', __proto__: 'x' }
    assert.deepEqual(askedIn(query), { usdPerKwh: '0.05' })
  })
})
