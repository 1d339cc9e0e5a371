import { test } from '@japa/runner'
import fc from 'fast-check'
import { hostingSettlement, type HostingModel } from '../../domain/hosting_settlement.js'
import { assertRefuses } from '#tests/support/refusals'

const settle = (model: HostingModel, grossCents = 10_000n, kwh = '1000') =>
  hostingSettlement({ kwh, kw: '10', clientGrossRevenueCents: grossCents, model })

test.group('Hosting settlement', () => {
  test('charge {model.type} {cents} cents')
    .with([
      { model: { type: 'flat', usdPerKwh: '0.07' }, cents: 7000n },
      {
        model: { type: 'passthrough_plus', energyUsdPerKwh: 0.05, serviceUsdPerKwh: 0.01 },
        cents: 6000n,
      },
      { model: { type: 'capacity', energyUsdPerKwh: 0.05, usdPerKwMonth: 2 }, cents: 7000n },
      { model: { type: 'profit_share', energyUsdPerKwh: 0.05, hostShare: 0.25 }, cents: 6250n },
      { model: { type: 'profit_share', energyUsdPerKwh: 0.2, hostShare: 0.25 }, cents: 20_000n },
      { model: { type: 'min_commit', usdPerKwh: 0.05, minKwh: 2000 }, cents: 10_000n },
      { model: { type: 'min_commit', usdPerKwh: 0.05, minKwh: 500 }, cents: 5000n },
    ] as { model: HostingModel; cents: bigint }[])
    .run(({ assert }, { model, cents }) => {
      const result = settle(model)
      assert.equal(result.hostInvoiceCents, cents)
      assert.equal(result.clientNetCents, 10_000n - cents)
    })

  test('round a tie once, away from zero, also for credits', ({ assert }) => {
    assert.equal(settle({ type: 'flat', usdPerKwh: '0.000005' }).hostInvoiceCents, 1n)
    assert.equal(settle({ type: 'flat', usdPerKwh: '-0.000005' }).hostInvoiceCents, -1n)
    // 33 digits in the product: exact arithmetic sees that it is just below the tie.
    const kwh = '1000.0000000000001'
    const rate = '0.00000499999999999949'
    assert.equal(settle({ type: 'flat', usdPerKwh: rate }, 0n, kwh).hostInvoiceCents, 0n)
  })

  test('split the gross revenue without losing a cent', ({ assert }) => {
    const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })
    fc.assert(
      fc.property(cents, fc.double({ min: 0, max: 1, noNaN: true }), (gross, hostShare) => {
        const model: HostingModel = { type: 'profit_share', energyUsdPerKwh: 0.0512, hostShare }
        const { hostInvoiceCents, clientNetCents } = settle(model, gross)
        assert.equal(hostInvoiceCents + clientNetCents, gross)
        assert.isTrue(hostInvoiceCents >= 5120n)
      })
    )
  })

  test('refuse bad quantities, rates and models', ({ assert }) => {
    const flat: HostingModel = { type: 'flat', usdPerKwh: 0.07 }
    assertRefuses(assert, 'kwh', () => settle(flat, 0n, '-1'))
    assertRefuses(assert, 'clientGrossRevenueCents', () => settle(flat, 100 as never))
    assertRefuses(assert, 'model', () => settle({ type: 'gift' } as never))
    for (const hostShare of [-0.1, 1.1]) {
      const model: HostingModel = { type: 'profit_share', energyUsdPerKwh: 0, hostShare }
      assertRefuses(assert, 'hostShare', () => settle(model))
    }
    const noRate = { type: 'flat' } as never
    assertRefuses(assert, 'usdPerKwh', () => settle(noRate), 'E_MONEY_INPUT')
    assertRefuses(assert, 'kwh', () => settle(flat, 0n, 'many'), 'E_MONEY_INPUT')
  })
})
