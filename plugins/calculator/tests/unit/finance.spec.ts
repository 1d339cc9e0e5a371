import { test } from '@japa/runner'
import fc from 'fast-check'
import { findRoot } from '#core/maths/find_root'
import { irr } from '../../domain/irr.js'
import { npv } from '../../domain/npv.js'
import { resaleValue } from '../../domain/resale_value.js'
import { xirr } from '../../domain/xirr.js'
import { xnpv } from '../../domain/xnpv.js'
import { assertRefuses } from '#tests/support/refusals'

test.group('Finance', () => {
  test('find rates worked out by hand', ({ assert }) => {
    assert.approximately(irr([-100, 110]), 0.1, 1e-14)
    assert.approximately(irr([-100, 0, 121]), 0.1, 1e-14)
    assert.approximately(irr([-100, 1]), -0.99, 1e-14)
    assert.approximately(irr([-1, 1e6]), 1e6 - 1, 1e-6)
    assert.approximately(irr([0, -100, 110, 0, 0]), 0.1, 1e-14)
    assert.equal(irr([-100, 50, 50]), 0)
    assert.approximately(npv(0.1, [110, 121]), 200, 1e-12)
  })

  test('have no present value at the rate of return', ({ assert }) => {
    const receipts = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 400,
    })
    const paid = fc.double({ min: 1, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(paid, receipts, (capex, flows) => {
        fc.pre(flows.some((flow) => flow > 1))
        const rate = irr([-capex, ...flows])
        fc.pre(rate > -0.9)
        assert.isBelow(Math.abs(npv(rate, flows) - capex), 1e-8 * capex)
      })
    )
  })

  test('agree between periods and dates one year of 365 days apart', ({ assert }) => {
    const flows = [
      { date: '2021-01-01', amount: -100 },
      { date: '2022-01-01', amount: 30 },
      { date: '2023-01-01', amount: 90 },
    ]
    assert.approximately(xirr(flows), irr([-100, 30, 90]), 1e-13)
    assert.approximately(xnpv(xirr(flows), flows), 0, 1e-10)
    assert.approximately(xnpv(0.2, flows), -100 + npv(0.2, [30, 90]), 1e-11)
  })

  test('find a deep loss, and dates in any order after the first', ({ assert }) => {
    const flows = [
      { date: '2024-01-01', amount: -1000 },
      { date: '2025-12-31', amount: 200 },
      { date: '2024-12-31', amount: 10 },
    ]
    const rate = xirr(flows)
    assert.isBelow(rate, -0.4)
    assert.approximately(xnpv(rate, flows), 0, 1e-9)
  })
})

test.group('Finance | refusals and resale', () => {
  test('refuse flows without a rate', ({ assert }) => {
    for (const flows of [[], [0], [100, 10], [-5, -5], [-100], [1, -2.5, 2]]) {
      assertRefuses(assert, 'flows', () => irr(flows), 'E_CALC_NO_ROOT')
    }
    const day = '2024-01-01'
    const sameDay = [-1, 1].map((amount) => ({ date: day, amount }))
    assertRefuses(assert, 'flows', () => xirr(sameDay), 'E_CALC_NO_ROOT')
    assertRefuses(assert, 'flows', () => xirr([{ date: day, amount: 1 }]), 'E_CALC_NO_ROOT')
    assertRefuses(assert, 'flows', () => irr([-1e-300, 1e300]), 'E_CALC_OVERFLOW')
    assertRefuses(assert, 'bracket', () => findRoot((x) => x * x + 1, [0, 1]), 'E_CALC_NO_ROOT')
  })

  test('refuse bad rates, amounts and dates', ({ assert }) => {
    assertRefuses(assert, 'ratePerPeriod', () => npv(-1, [1]))
    assertRefuses(assert, 'flowsFromPeriod1', () => npv(0.1, [Number.NaN]))
    assertRefuses(assert, 'flows', () => irr([-1, Number.NaN]))
    assertRefuses(assert, 'ratePerYear', () => xnpv(-1.5, [{ date: '2024-01-01', amount: 1 }]))
    assertRefuses(assert, 'flows', () => xnpv(0.1, []))
    for (const date of ['2024-02-30', '2024-1-1', 'soon', '2024-13-01']) {
      assertRefuses(assert, 'date', () => xnpv(0.1, [{ date, amount: 1 }]))
    }
    const backwards = ['2024-01-02', '2024-01-01'].map((date) => ({ date, amount: 1 }))
    assertRefuses(assert, 'date', () => xnpv(0.1, backwards))
  })

  test('halve the resale value every half-life', ({ assert }) => {
    assert.equal(resaleValue(3200, 540, 1080), 800)
    assert.equal(resaleValue(3200, null, 1080), 0)
    assertRefuses(assert, 'halflifeDays', () => resaleValue(3200, 0, 1))
    assertRefuses(assert, 'days', () => resaleValue(3200, 540, -1))
    assertRefuses(assert, 'priceUsd', () => resaleValue(Number.NaN, null, 1))
  })
})
