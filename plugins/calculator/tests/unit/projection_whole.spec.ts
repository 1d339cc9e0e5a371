import { test } from '@japa/runner'
import { project } from '../../domain/projection.js'
import { FLAT } from '../support/projections.js'
import { near } from './projection_arbitraries.js'

test.group('Projection | everything at once', () => {
  /**
   * 27 PH/s over a halving with block tariff, demand charge, PPS+ fees, degradation, a price that
   * falls and recovers, shutdown, tax and resale. The figures come from a separate program in
   * Python, written from the rules in words.
   */
  test('equal an independent computation', ({ assert }) => {
    const result = project({
      ...FLAT,
      hashrateThs: 27_000,
      powerW: 364_500,
      miners: 100,
      uptimePct: 95.06,
      degradationPctPerMonth: 1,
      startHeight: 1_050_000 - 144 * 20,
      epochGrowthPct: 2.302992964251247,
      fees: { kind: 'share', pctOfSubsidy: 2 },
      poolScheme: 'pps_plus',
      btcUsd: 110_000,
      pricePath: {
        kind: 'points',
        points: [
          { day: 45, btcUsd: 65_000 },
          { day: 75, btcUsd: 150_000 },
        ],
      },
      tariff: {
        blocks: [
          { upToKwh: 100_000, usdPerKwh: 0.06 },
          { upToKwh: null, usdPerKwh: 0.05 },
        ],
        demandUsdPerKwMonth: 4,
      },
      fixedUsdPerDay: 5,
      capexUsd: 100_000,
      resale: { kind: 'fixed', pctOfCapex: 90 },
      tax: { ratePct: 20, depreciationYears: 0.5 },
      discountPctPerYear: 10,
      shutdownWhenNegative: true,
      days: 75,
    })
    assert.equal(result.daysOff, 24)
    assert.isTrue(near(result.totalSats, 43_743_638.39468299, 1e-12))
    assert.isTrue(near(result.cumNetUsd, 15_392.307622270597, 1e-11))
    assert.isTrue(near(result.returns.npvUsd!, 3584.793401060073, 1e-10))
    assert.isTrue(near(result.taxYears[0]!.taxUsd, 1348.0769055676444, 1e-10))
    const lines = result.months.map(({ revenueCents, energyCents, demandCents, daysOff }) => [
      revenueCents,
      energyCents,
      demandCents,
      daysOff,
    ])
    assert.deepEqual(lines, [
      [3_095_267n, 1_384_799n, 150_174n, 0],
      [341_581n, 308_352n, 150_174n, 24],
      [1_085_675n, 742_399n, 75_087n, 0],
    ])
  })
})
