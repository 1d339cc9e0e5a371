import { test } from '@japa/runner'
import fc from 'fast-check'
import { epochPaceBand } from '#core/chain/epoch_pace_band'
import { epochProjection } from '#core/chain/epoch_projection'
import { fpps } from '../../domain/fpps.js'
import { gamma, poissonDensity } from '#core/maths/gamma'
import { gammaQuantile } from '#core/maths/gamma_quantile'
import { luckBand } from '../../domain/luck_band.js'
import { networkDailyBlocks } from '#core/chain/network_daily_blocks'
import { poissonCdf, poissonQuantile } from '#core/maths/poisson_quantile'
import { pplns } from '../../domain/pplns.js'
import { profit } from '../../domain/profit.js'
import { assertRefuses } from '#tests/support/refusals'

const FPPS = { hashrateThs: 1e5, difficulty: 1.2e14, subsidySats: 312_500_000 }
const PPLNS = { poolShareOfNetwork: 0.02, myShareOfPool: 0.001, days: 1, rewardSats: 3e8 }

test.group('Gamma and Poisson', () => {
  test('agree with closed forms', ({ assert }) => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 300, noNaN: true }), (x) => {
        assert.approximately(gamma(1, x).upper / Math.exp(-x), 1, 1e-12)
        assert.approximately(gamma(2, x).upper / (Math.exp(-x) * (1 + x)), 1, 1e-12)
      })
    )
    // Chi-square with one degree of freedom: P(1/2, 1/2) = erf(sqrt(1/2)).
    assert.approximately(gamma(0.5, 0.5).lower, 0.6826894921370859, 1e-14)
    assert.approximately(poissonDensity(3, 2), (8 * Math.exp(-2)) / 6, 1e-15)
  })

  test('agree with the sum of Poisson probabilities', ({ assert }) => {
    const mean = fc.double({ min: 0.01, max: 200, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 250 }), mean, (k, lambda) => {
        let term = Math.exp(-lambda)
        let sum = term
        for (let i = 1; i <= k; i++) sum += term *= lambda / i
        assert.approximately(poissonCdf(k, lambda) / Math.min(sum, 1), 1, 1e-11)
      })
    )
  })

  test('invert the distribution over many sizes', ({ assert }) => {
    const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })
    const shape = fc.double({ min: 0.3, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(probability, shape, (p, a) => {
        const { lower, upper } = gamma(a, gammaQuantile(p, a))
        const error = p < 0.5 ? lower / p - 1 : upper / (1 - p) - 1
        assert.isBelow(Math.abs(error), 1e-8)
      })
    )
    // -ln(0.05) is the 95 % quantile of the exponential.
    assert.approximately(gammaQuantile(0.95, 1), -Math.log(0.05), 1e-12)
  })

  test('give the smallest count that reaches the probability', ({ assert }) => {
    const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })
    fc.assert(
      fc.property(probability, fc.double({ min: 0.01, max: 5e4, noNaN: true }), (p, lambda) => {
        const k = poissonQuantile(p, lambda)
        assert.isAtLeast(poissonCdf(k, lambda), p * (1 - 1e-13))
        if (k > 0) assert.isBelow(poissonCdf(k - 1, lambda), p)
      })
    )
    assert.equal(poissonQuantile(0.5, 1e-9), 0)
  })

  test('refuse bad probabilities and sizes', ({ assert }) => {
    for (const p of [0, 1, -0.1, Number.NaN]) {
      assertRefuses(assert, 'p', () => gammaQuantile(p, 1))
      assertRefuses(assert, 'p', () => poissonQuantile(p, 1))
    }
    assertRefuses(assert, 'shape', () => gammaQuantile(0.5, 0))
    assertRefuses(assert, 'lambda', () => networkDailyBlocks(0))
    assertRefuses(assert, 'k', () => poissonCdf(-1, 1))
  })
})

test.group('Pools', () => {
  test('pay under FPPS what the profit calls production', ({ assert }) => {
    const pay = fpps({ ...FPPS, avgFeesSatsPerBlock: 2_350_000, poolFeePct: 2.5 })
    const same = { ...FPPS, feesSatsPerBlock: 2_350_000, poolFeePct: 2.5, powerW: 1 }
    const day = profit({ ...same, btcUsd: 1, usdPerKwh: 0, networkHashrateThs: null })
    assert.approximately(pay.fppsSatsPerDay / day.satsPerDay, 1, 1e-12)
    const noSubsidy = fpps({ ...FPPS, subsidySats: 0, avgFeesSatsPerBlock: 1, poolFeePct: 0 })
    assert.isNull(noSubsidy.feeUpliftPct)
  })

  test('refuse bad pool inputs', ({ assert }) => {
    const fppsInput = { ...FPPS, avgFeesSatsPerBlock: 0, poolFeePct: 0 }
    for (const field of Object.keys(fppsInput)) {
      assertRefuses(assert, field, () => fpps({ ...fppsInput, [field]: -1 }))
    }
    for (const field of Object.keys(PPLNS)) {
      assertRefuses(assert, field, () => pplns({ ...PPLNS, [field]: -1 }))
    }
    assertRefuses(assert, 'poolShareOfNetwork', () => pplns({ ...PPLNS, poolShareOfNetwork: 0 }))
    assertRefuses(assert, 'myShareOfPool', () => pplns({ ...PPLNS, myShareOfPool: 1.1 }))
  })

  test('hold the found blocks inside their own band', ({ assert }) => {
    const found = fc.integer({ min: 0, max: 3000 })
    const confidence = fc.double({ min: 0.5, max: 0.999, noNaN: true })
    fc.assert(
      fc.property(found, confidence, (blocksFound, level) => {
        const band = luckBand({ blocksFound, blocksExpected: 144, confidence: level })
        const wider = luckBand({ blocksFound, blocksExpected: 144, confidence: 0.9999 })
        assert.isTrue(band.rateCi[0] <= blocksFound && blocksFound <= band.rateCi[1])
        assert.isTrue(wider.rateCi[0] <= band.rateCi[0] && band.rateCi[1] <= wider.rateCi[1])
      })
    )
  })

  test('refuse bad luck inputs', ({ assert }) => {
    const input = { blocksFound: 5, blocksExpected: 5, confidence: 0.95 }
    assertRefuses(assert, 'blocksFound', () => luckBand({ ...input, blocksFound: 1.5 }))
    assertRefuses(assert, 'blocksExpected', () => luckBand({ ...input, blocksExpected: 0 }))
    assertRefuses(assert, 'confidence', () => luckBand({ ...input, confidence: 1 }))
  })
})

test.group('Epoch', () => {
  const first = 1_700_000_000

  test('project no pace on the first block of an epoch', ({ assert }) => {
    const projection = epochProjection({
      epochFirstBlockTime: first,
      now: first + 60,
      height: 2016,
    })
    assert.containSubset(projection, {
      blocksInEpoch: 0,
      remainingBlocks: 2016,
      nextRetargetHeight: 4032,
      expectedChangePct: null,
      meanBlockIntervalMs: null,
      projectionReason: 'E_EPOCH_JUST_STARTED',
    })
  })

  test('lock the change in at the last block, over 2,015 intervals and clamped', ({ assert }) => {
    const at = (latestBlockTime?: number) =>
      epochProjection({
        epochFirstBlockTime: first,
        now: 1_800_000_000,
        height: 4031,
        latestBlockTime,
      }).lockedChangePct
    assert.equal(at(first + 1_209_600), 0)
    assert.equal(at(first + 604_800), 100)
    assert.equal(at(first + 1), 300)
    assert.equal(at(first + 99_999_999), -75)
    assert.isNull(at(undefined))
  })

  test('narrow the band with more intervals', ({ assert }) => {
    const width = (n: number) => {
      const input = { intervalsElapsed: n, elapsedS: 600 * n, confidence: 0.95 }
      const { changePctCi, pointChangePct } = epochPaceBand(input)
      assert.equal(pointChangePct, 0)
      return changePctCi[1] - changePctCi[0]
    }
    assert.isBelow(width(1000), width(100))
    assert.isBelow(width(100), width(10))
  })

  test('refuse times and counts that cannot be', ({ assert }) => {
    const input = { epochFirstBlockTime: first, now: first + 60, height: 2016 }
    assertRefuses(assert, 'now', () => epochProjection({ ...input, now: first }))
    assertRefuses(assert, 'height', () => epochProjection({ ...input, height: -1 }))
    const pace = { intervalsElapsed: 10, elapsedS: 6000, confidence: 0.95 }
    assertRefuses(assert, 'intervalsElapsed', () => epochPaceBand({ ...pace, intervalsElapsed: 0 }))
    assertRefuses(assert, 'elapsedS', () => epochPaceBand({ ...pace, elapsedS: 0 }))
    assertRefuses(assert, 'confidence', () => epochPaceBand({ ...pace, confidence: 0 }))
  })
})
