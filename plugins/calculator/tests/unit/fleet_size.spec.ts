import { test } from '@japa/runner'
import fc from 'fast-check'
import { assertRefuses } from '#tests/support/refusals'
import { siteFleet } from '../../domain/fleet_size.js'

test.group('Fleet | how many miners a site powers', () => {
  test('count whole miners behind the losses of the site', ({ assert }) => {
    // 1,000,000 W ÷ (1.05 × 3,500 W) = 272.1…; 272 × 3,675 W = 999,600 W, so 400 W are left.
    const fleet = siteFleet(1, 1.05, 3500)
    assert.equal(fleet.count, 272)
    assert.closeTo(fleet.overheadPct, 5, 1e-9)
    assert.closeTo(fleet.spareW, 400, 1e-6)
  })

  test('fill a site exactly where decimal megawatts are no exact doubles', ({ assert }) => {
    // 0.3 MW ÷ 3,000 W is 100, though 0.3 × 1e6 ÷ 3000 is 99.999…
    assert.equal(siteFleet(0.3, 1, 3000).count, 100)
    assert.equal(siteFleet(2.31, 1.1, 3500).count, 600)
  })

  test('find none where not even one fits', ({ assert }) => {
    assert.equal(siteFleet(0.003, 1.2, 3000).count, 0)
  })

  test('never draw more than the site has, and never leave room for one more', ({ assert }) => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 500, noNaN: true }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        fc.double({ min: 5, max: 12_000, noNaN: true }),
        (siteMw, pue, powerW) => {
          const { count } = siteFleet(siteMw, pue, powerW)
          const drawnW = count * pue * powerW
          assert.isAtMost(drawnW, siteMw * 1e6 * (1 + 1e-9))
          assert.isAbove(drawnW + pue * powerW, siteMw * 1e6 * (1 - 1e-9))
        }
      )
    )
  })

  test('refuse a PUE below 1, no power and no miner', ({ assert }) => {
    assertRefuses(assert, 'pue', () => siteFleet(1, 0.99, 3000))
    assertRefuses(assert, 'pue', () => siteFleet(1, 3.01, 3000))
    assertRefuses(assert, 'siteMw', () => siteFleet(0, 1, 3000))
    assertRefuses(assert, 'powerW', () => siteFleet(1, 1, 0))
  })
})
