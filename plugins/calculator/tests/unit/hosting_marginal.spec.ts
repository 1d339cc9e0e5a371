import { test } from '@japa/runner'
import { marginalInvoiceUsd } from '../../domain/hosting_marginal.js'
import type { HostingModel } from '../../domain/hosting_settlement.js'
import { project } from '../../domain/projection.js'
import { flatTariff } from '../../domain/tariff.js'
import { assertRefuses } from '#tests/support/refusals'
import { projectionOf } from '../support/projections.js'

test.group('What running on adds to an invoice', () => {
  test('be {usd} $ under {model.type} for 100 kWh after {usedKwh}')
    .with([
      { model: { type: 'flat', usdPerKwh: 0.07 }, usedKwh: 0, usd: 7 },
      { model: { type: 'passthrough_plus', serviceUsdPerKwh: '0.01' }, usedKwh: 0, usd: 6 },
      { model: { type: 'capacity', usdPerKwMonth: 9 }, usedKwh: 0, usd: 5 },
      { model: { type: 'per_miner', usdPerMinerMonth: 9 }, usedKwh: 0, usd: 5 },
      { model: { type: 'profit_share', hostShare: 0.5 }, usedKwh: 0, usd: 5 },
      {
        model: { type: 'profit_share', hostShare: 0.5, energyUsdPerKwh: 0.04 },
        usedKwh: 0,
        usd: 4,
      },
      { model: { type: 'mark_up', markUpPct: 20 }, usedKwh: 0, usd: 6 },
      { model: { type: 'min_commit', usdPerKwh: 0.07, minKwh: 500 }, usedKwh: 300, usd: 0 },
      { model: { type: 'min_commit', usdPerKwh: 0.07, minKwh: 500 }, usedKwh: 460, usd: 4.2 },
      { model: { type: 'min_commit', usdPerKwh: 0.07, minKwh: 500 }, usedKwh: 900, usd: 7 },
    ] as { model: HostingModel; usedKwh: number; usd: number }[])
    .run(({ assert }, { model, usedKwh, usd }) => {
      const added = marginalInvoiceUsd(model, { usedKwh, kwh: 100, energyUsd: 5 })
      assert.approximately(added, usd, 1e-12)
    })

  test('leave a credit for energy without a mark-up', ({ assert }) => {
    const model: HostingModel = { type: 'mark_up', markUpPct: 20 }
    assert.equal(marginalInvoiceUsd(model, { usedKwh: 0, kwh: 100, energyUsd: -5 }), -5)
  })

  test('run up to the minimum that is paid for anyway, and stop there', ({ assert }) => {
    // 3.645 kW * 1.03 use 90.1044 kWh a day: 900 kWh are paid for on nine days, the tenth adds to it.
    const input = projectionOf({
      tariff: flatTariff(0.04),
      hosting: { type: 'min_commit', usdPerKwh: 50, minKwh: 900 },
      shutdownWhenNegative: true,
      fixedUsdPerDay: 0,
      days: 30,
    })
    const { months } = project(input)
    assert.equal(months[0]!.daysOff, 21)
    assert.equal(months[0]!.hostingCents, 4_500_000n)
  })

  test('need the cost of the energy where the host passes it on', ({ assert }) => {
    const hosting: HostingModel = { type: 'profit_share', hostShare: 0.2 }
    assertRefuses(assert, 'usdPerKwh', () => project(projectionOf({ tariff: null, hosting })))
    assertRefuses(assert, 'usdPerKwh', () => project(projectionOf({ tariff: null })))
    const flat: HostingModel = { type: 'flat', usdPerKwh: 0.07 }
    assert.isNull(project(projectionOf({ tariff: null, hosting: flat })).totals.books!.host)
  })
})
