import { test } from '@japa/runner'
import { assertRefuses } from '#tests/support/refusals'
import { profit } from '../../domain/profit.js'
import { project } from '../../domain/projection.js'
import type { ProjectionInput } from '../../domain/projection_input.js'
import { dateAfter } from '../../domain/projection_returns.js'
import { flatTariff } from '../../domain/tariff.js'
import { xnpv } from '../../domain/xnpv.js'
import { FLAT, projectionOf } from '../support/projections.js'

test.group('Projection', () => {
  test('repeat the daily profit when nothing changes', ({ assert }) => {
    const day = profit({
      ...FLAT,
      subsidySats: 312_500_000,
      feesSatsPerBlock: 2_000_000,
      usdPerKwh: 0.045,
      networkHashrateThs: null,
    })
    const result = project(FLAT)
    const { returns } = result
    assert.approximately(result.totalSats / (day.satsPerDay * 400), 1, 1e-12)
    assert.approximately(result.cumNetUsd / (day.profitUsdPerDay * 400), 1, 1e-12)
    assert.approximately(returns.paybackDays! * day.profitUsdPerDay, 1000, 1e-9)
    assert.approximately(returns.npvUsd!, result.cumNetUsd - 1000, 1e-8)
    assert.approximately(returns.roiPct!, (result.cumNetUsd - 1000) / 10, 1e-9)
    assert.equal(returns.discountedPaybackDays, returns.paybackDays)
  })

  test('discount to nothing at the rate of return', ({ assert }) => {
    const input = projectionOf({ epochGrowthPct: 1, resale: { kind: 'half_life', days: 540 } })
    const { irrAnnual } = project(input).returns
    const again = project({ ...input, discountPctPerYear: irrAnnual! * 100 })
    assert.approximately(again.returns.npvUsd!, 0, 1e-8)
  })

  test('add up in months, with the conditions of their first days', ({ assert }) => {
    const input = projectionOf({
      epochGrowthPct: 3,
      shutdownWhenNegative: true,
      tariff: flatTariff(0.07),
    })
    const { months, totals, totalSats, daysOff } = project(input)
    assert.lengthOf(months, 14)
    assert.containSubset(months.at(-1), { month: 13, day: 390, days: 10, height: 953_568 + 56_160 })
    assert.isAbove(daysOff, 0)
    assert.equal(totals.daysOff, daysOff)
    assert.approximately(Number(totals.sats), totalSats, 14)
    const off = months.find((month) => month.daysOff === 30)!
    assert.containSubset(off, { uptimePct: 0, kwh: 0, sats: 0n, energyCents: 0n })
    assert.equal(off.cashCents, -750n)
    assert.isNotNull(off.breakEven.usdPerBtc)
  })

  test('mark the halving and the retargets on the first days that count with them', ({
    assert,
  }) => {
    const input = projectionOf({
      fees: { kind: 'constant', satsPerBlock: 0 },
      startHeight: 1_050_000 - 144 * 30,
      epochGrowthPct: 10,
      days: 60,
    })
    const { months, marks } = project(input)
    const halving = marks.find(({ kind }) => kind === 'halving')
    assert.deepEqual(halving, { kind: 'halving', day: 30, height: 1_050_000, value: 156_250_000 })
    const retargets = marks.filter(({ kind }) => kind === 'retarget')
    // 1,045,680 lies in epoch 518; 519 begins at 1,046,304, which is 4.33 days later.
    assert.deepEqual(
      retargets.map(({ day, height }) => [day, height]),
      [
        [5, 1_046_304],
        [19, 1_048_320],
        [33, 1_050_336],
        [47, 1_052_352],
      ]
    )
    assert.approximately(retargets[0]!.value / FLAT.difficulty, 1.1, 1e-12)
    assert.approximately(months[1]!.difficulty / FLAT.difficulty, 1.21, 1e-12)
    // 4.33 days at D would be 5 days in the model: 5 at 1, 14 at 1/1.1, 11 at 1/1.21.
    const share = (days: number[]) => days.reduce((sum, n, i) => sum + n / 1.1 ** i, 0)
    const second = (share([0, 0, 3, 14, 13]) / share([5, 14, 11])) * 0.5
    assert.approximately(Number(months[1]!.sats) / Number(months[0]!.sats), second, 1e-5)
  })

  test('say how investment and horizon ended, on real dates', ({ assert }) => {
    const { returns, months } = project(projectionOf({ discountPctPerYear: 10 }))
    assert.isAbove(returns.discountedPaybackDays!, returns.paybackDays!)
    // 400 days after 2026-12-01, written out for the first, the second and the last month.
    const dates = [
      [0, '2026-12-31'],
      [1, '2027-01-30'],
      [13, '2028-01-05'],
    ] as const
    for (const [month, date] of dates) {
      const { day, days } = months[month]!
      assert.equal(dateAfter('2026-12-01', day + days), date)
    }
    const flows = months.map(({ day, days, cashCents }) => ({
      date: dateAfter('2026-12-01', day + days),
      amount: Number(cashCents) / 100,
    }))
    const all = [{ date: '2026-12-01', amount: -1000 }, ...flows]
    assert.approximately(xnpv(returns.xirrAnnual!, all), 0, 1e-8)
    const undated = project(projectionOf({ startDate: null })).returns
    assert.containSubset(undated, { xirrAnnual: null, xirrReason: 'E_NO_START_DATE' })
  })
})

test.group('Projection | missing figures and refusals', () => {
  test('say why a figure is missing', ({ assert }) => {
    const losing = project(projectionOf({ tariff: flatTariff(1) })).returns
    assert.containSubset(losing, {
      paybackDays: null,
      paybackReason: 'E_NOT_PAID_BACK',
      discountedPaybackDays: null,
      discountedPaybackReason: 'E_NOT_PAID_BACK',
      irrAnnual: null,
      irrReason: 'E_CALC_NO_ROOT',
      xirrAnnual: null,
      xirrReason: 'E_CALC_NO_ROOT',
    })
    const free = project(projectionOf({ capexUsd: 0 })).returns
    assert.containSubset(free, { roiPct: null, roiReason: 'E_NO_CAPEX', paybackDays: 0 })
    const unknown = project(projectionOf({ capexUsd: null }))
    for (const [name, value] of Object.entries(unknown.returns)) {
      assert.equal(value, name.endsWith('Reason') ? 'E_NO_CAPEX' : null, name)
    }
    assert.isAbove(unknown.cumNetUsd, 0)
  })

  test('refuse {field} = {value}')
    .with([
      ...(
        [
          'hashrateThs',
          'powerW',
          'miners',
          'overheadPct',
          'uptimePct',
          'degradationPctPerMonth',
          'startHeight',
          'difficulty',
          'epochGrowthPct',
          'poolFeePct',
          'btcUsd',
          'fixedUsdPerDay',
          'capexUsd',
          'discountPctPerYear',
          'days',
        ] as const
      ).map((field) => ({ field, value: Number.NaN as unknown })),
      { field: 'shutdownWhenNegative', value: 'no' },
      { field: 'days', value: 0 },
      { field: 'days', value: 36_501 },
      { field: 'uptimePct', value: 101 },
      { field: 'degradationPctPerMonth', value: 101 },
      { field: 'epochGrowthPct', value: -100 },
      { field: 'discountPctPerYear', value: -100 },
      { field: 'startHeight', value: -1 },
      { field: 'poolScheme', value: 'gift' },
    ])
    .run(({ assert }, { field, value }) => {
      assertRefuses(assert, field, () => project({ ...FLAT, [field]: value }))
    })

  test('refuse {field} inside a rule')
    .with([
      { field: 'feesSatsPerBlock', change: { fees: { kind: 'constant', satsPerBlock: -1 } } },
      { field: 'feesPctOfSubsidy', change: { fees: { kind: 'share', pctOfSubsidy: -1 } } },
      {
        field: 'priceGrowthPctPerYear',
        change: { pricePath: { kind: 'yearly', growthPct: -100 } },
      },
      {
        field: 'priceGrowthPctPerMonth',
        change: { pricePath: { kind: 'monthly', growthPct: -100 } },
      },
      { field: 'pricePoints', change: { pricePath: { kind: 'points', points: [] } } },
      { field: 'resaleHalfLifeDays', change: { resale: { kind: 'half_life', days: 0 } } },
      { field: 'resalePct', change: { resale: { kind: 'fixed', pctOfCapex: 101 } } },
      { field: 'taxRatePct', change: { tax: { ratePct: 101, depreciationYears: 5 } } },
      { field: 'depreciationYears', change: { tax: { ratePct: 20, depreciationYears: 0 } } },
      {
        field: 'capexUsd',
        change: { tax: { ratePct: 20, depreciationYears: 5 }, capexUsd: null },
      },
      { field: 'usdPerKwh', change: { tariff: flatTariff(Number.NaN) } },
      {
        field: 'demandUsdPerKwMonth',
        change: { tariff: { ...flatTariff(0.05), demandUsdPerKwMonth: -1 } },
      },
      { field: 'tariffBlocks', change: { tariff: { blocks: [], demandUsdPerKwMonth: 0 } } },
    ] as { field: string; change: Partial<ProjectionInput> }[])
    .run(({ assert }, { field, change }) => {
      assertRefuses(assert, field, () => project(projectionOf(change)))
    })
})
