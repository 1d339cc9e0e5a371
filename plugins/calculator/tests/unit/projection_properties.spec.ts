import { test } from '@japa/runner'
import fc from 'fast-check'
import { monthlyGrowthPct, epochGrowthPct } from '../../domain/epoch_growth.js'
import { project, projectNpv } from '../../domain/projection.js'
import type { ProjectionInput } from '../../domain/projection_input.js'
import { energyUsd, type TariffBlock } from '../../domain/tariff.js'
import { taxYears } from '../../domain/tax.js'
import { varianceBand } from '../../domain/variance_band.js'
import { plainSimulation } from '../support/plain_simulation.js'
import { FLAT } from '../support/projections.js'
import { between, plain, full, near } from './projection_arbitraries.js'

test.group('Projection | properties', () => {
  test('equal the plain simulation when every extra is off', ({ assert }) => {
    fc.assert(
      fc.property(plain, ({ input, usdPerKwh, feesSats }) => {
        const result = project(input)
        const expected = plainSimulation(input, usdPerKwh, feesSats)
        assert.isTrue(near(result.totalSats, expected.sats))
        assert.equal(result.daysOff, expected.daysOff)
        // Cash is a difference of larger figures: near in terms of those.
        const scale = Math.abs(input.fixedUsdPerDay * input.days) + (input.capexUsd ?? 0) + 1
        const revenue = Number(result.totals.revenueCents) / 100
        assert.closeTo(result.cumNetUsd, expected.netUsd, 1e-9 * (scale + revenue * 10))
        const tolerance = 1e-8 * (scale + revenue * 10)
        assert.closeTo(result.returns.npvUsd!, expected.npvUsd, tolerance)
      }),
      { numRuns: 300 }
    )
  })

  test('add up to the cent and the satoshi, whatever is on', ({ assert }) => {
    fc.assert(
      fc.property(full, (input) => {
        const { months, totals } = project(input)
        let cumulativeCents = 0n
        let sats = 0n
        for (const month of months) {
          const costs =
            month.energyCents + month.demandCents + month.hostingCents + month.fixedCents
          assert.equal(month.cashCents, month.revenueCents - costs - month.taxCents)
          cumulativeCents += month.cashCents
          sats += month.sats
          assert.equal(month.cumulativeCents, cumulativeCents)
        }
        assert.equal(totals.cashCents, cumulativeCents)
        assert.equal(totals.sats, sats)
      }),
      { numRuns: 200 }
    )
  })

  test('keep the money between the books of host and client', ({ assert }) => {
    const hosted = full.filter((input) => input.hosting !== null)
    fc.assert(
      fc.property(hosted, (input) => {
        const { months, totals } = project(input)
        for (const { books } of [...months, totals]) {
          const { host, client } = books!
          assert.equal(host!.revenueCents, client.invoiceCents)
          const energyCents = host!.energyCents + host!.demandCents
          assert.equal(host!.marginCents + client.netCents, client.grossCents - energyCents)
        }
      }),
      { numRuns: 200 }
    )
  })

  test('run the days as booked: unrounded cash differs by roundings only', ({ assert }) => {
    fc.assert(
      fc.property(full, (input) => {
        const { cumNetUsd, totals, months } = project(input)
        const distance = Math.abs(Number(totals.cashCents) / 100 - cumNetUsd)
        const scale = Number(totals.revenueCents) * 1e-13
        assert.isBelow(distance, 0.005 * 6 * months.length + 1e-6 + scale)
      }),
      { numRuns: 200 }
    )
  })

  test('never lose NPV when the price rises, nor gain revenue when the difficulty does', ({
    assert,
  }) => {
    fc.assert(
      fc.property(plain, between(1, 3), between(0, 5), ({ input }, factor, growth) => {
        const slack = 1e-7 * (1 + Math.abs(projectNpv(input)!))
        const dearer = projectNpv({ ...input, btcUsd: input.btcUsd * factor })!
        assert.isAtLeast(dearer + slack, projectNpv(input)!)
        const harder = { ...input, epochGrowthPct: input.epochGrowthPct + growth }
        const [before, after] = [project(input), project(harder)]
        assert.isTrue(after.totals.revenueCents <= before.totals.revenueCents)
        assert.equal(project(harder).returns.npvUsd, projectNpv(harder))
      }),
      { numRuns: 150 }
    )
  })

  test('change nothing with neutral extras', ({ assert }) => {
    fc.assert(
      fc.property(plain, ({ input, usdPerKwh }) => {
        const neutral: ProjectionInput = {
          ...input,
          degradationPctPerMonth: 0,
          pricePath: { kind: 'monthly', growthPct: 0 },
          tariff: { blocks: [{ upToKwh: null, usdPerKwh }], demandUsdPerKwMonth: 0 },
          tax: { ratePct: 0, depreciationYears: 3 },
          resale: { kind: 'fixed', pctOfCapex: 0 },
        }
        assert.deepEqual({ ...project(neutral), taxYears: [] }, project(input))
      }),
      { numRuns: 100 }
    )
  })

  test('cost the same by blocks as flat, and by days as by the month', ({ assert }) => {
    const steps = fc.array(fc.tuple(between(1, 5000), between(-0.1, 0.5)), { maxLength: 6 })
    const uses = fc.array(between(0, 2000), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(steps, uses, between(-0.1, 0.5), (parts, days, last) => {
        let limit = 0
        const blocks: TariffBlock[] = parts.map(([width, usdPerKwh]) => ({
          upToKwh: (limit += width),
          usdPerKwh,
        }))
        blocks.push({ upToKwh: null, usdPerKwh: last })
        let [used, byDays] = [0, 0]
        for (const kwh of days) {
          byDays += energyUsd(blocks, used, kwh)
          used += kwh
        }
        assert.closeTo(byDays, energyUsd(blocks, 0, used), 1e-9 * (1 + used))
        assert.equal(energyUsd([{ upToKwh: null, usdPerKwh: last }], 0, used), used * last)
        const same = blocks.map((block) => ({ ...block, usdPerKwh: last }))
        assert.closeTo(energyUsd(same, 0, used), used * last, 1e-9 * (1 + used))
      })
    )
  })

  test('tax at most what the rate takes of all gains, and nothing of a loss', ({ assert }) => {
    const flows = fc.array(between(-1000, 1000), { minLength: 1, maxLength: 1500 })
    fc.assert(
      fc.property(flows, between(0, 1e5), between(0.2, 6), (amounts, capexUsd, years) => {
        const rule = { ratePct: 30, depreciationYears: years }
        const all = taxYears({
          cash: Float64Array.from(amounts),
          capexUsd,
          resaleUsd: 0,
          rule,
        })
        const paid = all.reduce((sum, { taxUsd }) => sum + taxUsd, 0)
        const writtenOff = all.reduce((sum, one) => sum + one.depreciationUsd - one.disposalUsd, 0)
        assert.closeTo(writtenOff, capexUsd, 1e-6 * (1 + capexUsd))
        const profit = amounts.reduce((sum, one) => sum + one, 0) - capexUsd
        assert.isAtLeast(paid + 1e-6, 0.3 * Math.max(0, profit))
        if (all.length === 1) assert.closeTo(paid, 0.3 * Math.max(0, profit), 1e-6)
      })
    )
  })

  test('turn growth a month into growth a retarget and back', ({ assert }) => {
    fc.assert(
      fc.property(between(-50, 100), (pct) => {
        assert.closeTo(monthlyGrowthPct(epochGrowthPct(pct)), pct, 1e-10)
      })
    )
    assert.equal(epochGrowthPct(0), 0)
  })

  test('hold the expected pay inside its band, wider for a smaller pool', ({ assert }) => {
    fc.assert(
      fc.property(between(1, 90), between(1, 1e6), (poolSharePct, hashrateThs) => {
        const ask = (share: number) =>
          varianceBand({
            scheme: 'pplns',
            hashrateThs,
            difficulty: FLAT.difficulty,
            subsidySats: 312_500_000,
            feesSatsPerBlock: 0,
            poolFeePct: 1,
            poolSharePct: share,
          }).bands![2]!
        const [small, big] = [ask(poolSharePct), ask(100)]
        assert.isAtMost(small.lowSats, small.expectedSats)
        assert.isAtLeast(small.highSats, small.expectedSats)
        assert.isTrue(near(small.expectedSats, big.expectedSats))
        const width = (band: typeof small) => band.highSats - band.lowSats
        assert.isAtLeast(width(small) * 1.05, width(big))
      }),
      { numRuns: 50 }
    )
  })
})
