import { test } from '@japa/runner'
import { profit } from '../../domain/profit.js'
import { simulation } from '../../domain/simulation.js'
import type { SimulationInput } from '../../domain/simulation_input.js'
import { assertRefuses } from '#tests/support/refusals'

const FLAT: SimulationInput = {
  hashrateThs: 270,
  powerW: 3645,
  startHeight: 953_568,
  difficulty: 124_932_866_006_548.16,
  epochGrowthPct: 0,
  btcUsd: 78_293.71,
  priceGrowthPctPerYear: 0,
  feesSatsPerBlock: 2_000_000,
  poolFeePct: 2,
  uptimePct: 100,
  overheadPct: 3,
  usdPerKwh: 0.045,
  fixedUsdPerDay: 0.25,
  capexUsd: 1000,
  days: 400,
  discountPctPerYear: 0,
  shutdownWhenNegative: false,
  resaleHalflifeDays: null,
}

test.group('Simulation', () => {
  test('repeat the daily profit when nothing changes', ({ assert }) => {
    const day = profit({ ...FLAT, subsidySats: 312_500_000, networkHashrateThs: null })
    const result = simulation(FLAT)
    assert.approximately(result.totalSats / (day.satsPerDay * 400), 1, 1e-12)
    assert.approximately(result.cumNetUsd / (day.profitUsdPerDay * 400), 1, 1e-12)
    assert.approximately(result.paybackDays! * day.profitUsdPerDay, 1000, 1e-9)
    assert.approximately(result.npvUsd, result.cumNetUsd - 1000, 1e-8)
    assert.approximately(result.roiPct!, (result.cumNetUsd - 1000) / 10, 1e-9)
    assert.deepEqual(result.series, [])
  })

  test('discount to nothing at the rate of return', ({ assert }) => {
    const input = { ...FLAT, epochGrowthPct: 1, resaleHalflifeDays: 540 }
    const { irrAnnual } = simulation(input)
    const again = simulation({ ...input, discountPctPerYear: irrAnnual! * 100 })
    assert.approximately(again.npvUsd, 0, 1e-8)
  })

  test('sum up to the same in days and in months', ({ assert }) => {
    const input = { ...FLAT, epochGrowthPct: 3, shutdownWhenNegative: true, usdPerKwh: 0.07 }
    const daily = simulation(input, { series: 'daily' })
    const monthly = simulation(input, { series: 'monthly' })
    assert.lengthOf(daily.series, 400)
    assert.lengthOf(monthly.series, 14)
    assert.equal(monthly.series.at(-1)?.days, 10)
    assert.isAbove(daily.daysOff, 0)
    for (const { series, totalSats, cumNetUsd, daysOff } of [daily, monthly]) {
      const sats = series.reduce((sum, point) => sum + point.sats, 0)
      const off = series.reduce((sum, point) => sum + point.daysOff, 0)
      assert.approximately(sats / totalSats, 1, 1e-12)
      assert.approximately(series.at(-1)!.cumulativeCashUsd, cumNetUsd, 1e-8)
      assert.equal(off, daysOff)
    }
  })

  test('halve the subsidy on the first day that starts at the halving', ({ assert }) => {
    const input = { ...FLAT, feesSatsPerBlock: 0, startHeight: 1_050_000 - 144, days: 2 }
    const [before, after] = simulation(input, { series: 'daily' }).series
    assert.approximately(before!.sats / after!.sats, 2, 1e-12)
  })

  test('raise the difficulty at retarget heights only', ({ assert }) => {
    const input = { ...FLAT, epochGrowthPct: 10, days: 15 }
    const { series } = simulation(input, { series: 'daily' })
    assert.equal(series[13]?.difficulty, FLAT.difficulty)
    assert.approximately(series[14]!.difficulty / FLAT.difficulty, 1.1, 1e-12)
  })
})

test.group('Simulation | missing figures and refusals', () => {
  test('say why a figure is missing', ({ assert }) => {
    const losing = simulation({ ...FLAT, usdPerKwh: 1 })
    assert.containSubset(losing, {
      paybackDays: null,
      paybackReason: 'E_NOT_PAID_BACK',
      irrAnnual: null,
      irrReason: 'E_CALC_NO_ROOT',
    })
    const free = simulation({ ...FLAT, capexUsd: 0 })
    assert.containSubset(free, { roiPct: null, roiReason: 'E_NO_CAPEX', paybackDays: 0 })
  })

  test('refuse {field} = {value}')
    .with([
      ...Object.keys(FLAT)
        .filter((field) => field !== 'shutdownWhenNegative')
        .map((field) => ({ field, value: Number.NaN as unknown })),
      { field: 'shutdownWhenNegative', value: 'no' },
      { field: 'days', value: 0 },
      { field: 'days', value: 36_501 },
      { field: 'uptimePct', value: 101 },
      { field: 'epochGrowthPct', value: -100 },
      { field: 'priceGrowthPctPerYear', value: -100 },
      { field: 'discountPctPerYear', value: -100 },
      { field: 'resaleHalflifeDays', value: 0 },
      { field: 'startHeight', value: -1 },
    ])
    .run(({ assert }, { field, value }) => {
      assertRefuses(assert, field, () => simulation({ ...FLAT, [field]: value }))
    })
})
