import { test } from '@japa/runner'
import fc from 'fast-check'
import { centsFromUsd, exact, satsToBtc, usdFromCents } from '#core/money'

test.group('Money', () => {
  test('round {usd} dollars to {cents} cents')
    .with([
      { usd: '1.005', cents: 101n },
      { usd: 1.005, cents: 101n },
      { usd: '-1.005', cents: -101n },
      { usd: '1.0049999999999999999999999999999', cents: 100n },
      { usd: '0.125', cents: 13n },
      { usd: 2.675, cents: 268n },
      { usd: 0, cents: 0n },
      { usd: '-0.004', cents: 0n },
      { usd: '0.005', cents: 1n },
      { usd: 1e21, cents: 10n ** 23n },
      { usd: '123456789012345678901234567890.125', cents: 12345678901234567890123456789013n },
    ])
    .run(({ assert }, { usd, cents }) => {
      assert.equal(centsFromUsd(usd), cents)
    })

  test('round symmetrically around zero, by half a cent at most', ({ assert }) => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), (usd) => {
        const cents = centsFromUsd(usd)
        const error = exact(usd).minus(usdFromCents(cents)).abs()
        assert.equal(centsFromUsd(-usd), -cents)
        assert.isTrue(error.lessThanOrEqualTo('0.005'))
      })
    )
  })

  test('mean the same for a double as with 60 digits', ({ assert }) => {
    const doubles = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((mills) => mills / 1000)
    )
    fc.assert(
      fc.property(doubles, (usd) => {
        // As text it takes the way through Decimal.
        assert.equal(centsFromUsd(usd), centsFromUsd(`${usd}`))
      }),
      { numRuns: 20_000 }
    )
  })

  test('turn ties away from zero', ({ assert }) => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (cents) => {
        const tie = usdFromCents(cents).plus('0.005')
        assert.equal(centsFromUsd(tie), cents + 1n)
        assert.equal(centsFromUsd(tie.negated()), -cents - 1n)
      })
    )
  })

  test('turn satoshis into bitcoin', ({ assert }) => {
    assert.equal(satsToBtc(312_500_000n), 3.125)
    assert.equal(satsToBtc(1), 1e-8)
  })

  test('refuse what is not a finite number')
    .with([Number.NaN, Infinity, 'abc', '', null, undefined])
    .run(({ assert }, value) => {
      for (const act of [() => centsFromUsd(value as never), () => exact(value as never, 'rate')]) {
        assert.throws(act, /must be a finite decimal number/)
      }
      const caught = errorOf(() => exact(value as never, 'rate'))
      assert.instanceOf(caught, RangeError)
      assert.include(caught, { code: 'E_MONEY_INPUT', field: 'rate' })
      assert.throws(() => satsToBtc(Number.NaN), /sats/)
    })
})

function errorOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return null
}
