import { test } from '@japa/runner'
import fc from 'fast-check'
import { explainProfit } from '../../domain/explain_profit.js'
import { profit, type ProfitInput } from '../../domain/profit.js'
import { satsPerDayByDifficulty, satsPerDayByNetwork } from '#core/chain/sats_per_day'
import { assertRefuses } from '#tests/support/refusals'

const GOLDEN: ProfitInput = {
  hashrateThs: 200_000,
  powerW: 3_550_000,
  difficulty: 119_120_000_000_000,
  subsidySats: 312_500_000,
  btcUsd: 100_000,
  usdPerKwh: 0.05,
  poolFeePct: 2.5,
  networkHashrateThs: null,
}

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const inputs = fc.record({
  hashrateThs: number(1, 1e7),
  powerW: number(1, 1e9),
  difficulty: number(1e12, 1e16),
  subsidySats: fc.constantFrom(625_000_000, 312_500_000n, 156_250_000),
  feesSatsPerBlock: number(0, 1e8),
  btcUsd: number(1000, 1e6),
  usdPerKwh: number(-0.05, 0.5),
  poolFeePct: number(0, 10),
  networkHashrateThs: fc.option(number(1e8, 1e10)),
  overheadPct: number(0, 50),
  fixedUsdPerDay: number(0, 1e4),
})

test.group('Profit', () => {
  test('reproduce the golden example', ({ assert }) => {
    const result = profit(GOLDEN)
    assert.equal(result.btcPerDay.toFixed(8), '0.10290911')
    assert.equal(result.profitUsdPerDay.toFixed(2), '6030.91')
    assert.equal(result.breakEvenUsdPerKwh?.toFixed(5), '0.12079')
    assert.equal(result.breakEvenUsdPerBtc?.toFixed(2), '41395.75')
  })

  test('agree with values worked out by hand', ({ assert }) => {
    // At D = 86400e12 / 2^32 one TH/s is expected to find exactly one block per day.
    const result = profit({
      ...GOLDEN,
      hashrateThs: 1,
      powerW: 1000,
      difficulty: 86_400e12 / 2 ** 32,
      subsidySats: 300_000_000n,
      feesSatsPerBlock: 100_000_000,
      btcUsd: 10,
      usdPerKwh: 0.5,
      poolFeePct: 25,
      networkHashrateThs: 72,
      overheadPct: 50,
      fixedUsdPerDay: 2,
    })
    assert.containSubset(result, {
      grossBtcPerDay: 4,
      btcPerDay: 3,
      satsPerDay: 300_000_000,
      btcPerDayByNetwork: 6,
      networkReason: null,
      revenueUsdPerDay: 30,
      kwhPerDay: 36,
      electricityUsdPerDay: 18,
      fixedUsdPerDay: 2,
      profitUsdPerDay: 10,
      hashpriceUsdPerPhDay: 40_000,
      efficiencyJPerTh: 1000,
      energyShareOfRevenue: 0.6,
    })
    assert.approximately(result.deviationPct!, 100, 1e-9)
    assert.approximately(result.breakEvenUsdPerKwh!, 28 / 36, 1e-15)
    assert.approximately(result.breakEvenUsdPerBtc!, 20 / 3, 1e-14)
  })
})

test.group('Profit | second opinion and missing figures', () => {
  test('show the network beside the difficulty and never mix them', ({ assert }) => {
    const without = profit(GOLDEN)
    const halved = profit({ ...GOLDEN, networkHashrateThs: 1e9 })
    const doubled = profit({ ...GOLDEN, networkHashrateThs: 5e8 })
    assert.isNull(without.btcPerDayByNetwork)
    assert.isNull(without.deviationPct)
    assert.equal(without.networkReason, 'E_NO_NETWORK_HASHRATE')
    assert.equal(halved.btcPerDay, without.btcPerDay)
    assert.equal(halved.profitUsdPerDay, doubled.profitUsdPerDay)
    assert.approximately(doubled.btcPerDayByNetwork! / halved.btcPerDayByNetwork!, 2, 1e-12)
    const ratio = doubled.btcPerDayByNetwork! / doubled.btcPerDay
    assert.approximately(doubled.deviationPct!, (ratio - 1) * 100, 1e-9)
  })

  test('say why a figure is missing', ({ assert }) => {
    assert.containSubset(profit({ ...GOLDEN, powerW: 0 }), {
      breakEvenUsdPerKwh: null,
      breakEvenUsdPerKwhReason: 'E_NO_POWER',
      breakEvenUsdPerBtcReason: null,
    })
    assert.containSubset(profit({ ...GOLDEN, hashrateThs: 0 }), {
      breakEvenUsdPerBtc: null,
      breakEvenUsdPerBtcReason: 'E_NO_PRODUCTION',
      efficiencyJPerTh: null,
      efficiencyReason: 'E_NO_HASHRATE',
      energyShareOfRevenue: null,
      energyShareReason: 'E_NO_REVENUE',
      btcPerDay: 0,
      profitUsdPerDay: -4260,
    })
    assert.equal(profit({ ...GOLDEN, poolFeePct: 100 }).breakEvenUsdPerBtcReason, 'E_NO_PRODUCTION')
  })
})

test.group('Profit | properties', () => {
  test('be linear in the hashrate', ({ assert }) => {
    fc.assert(
      fc.property(inputs, number(0.1, 10), (input, factor) => {
        const scaled = { ...input, hashrateThs: input.hashrateThs * factor }
        const [one, many] = [profit(input), profit(scaled)]
        assert.approximately(many.satsPerDay / one.satsPerDay / factor, 1, 1e-12)
        assert.equal(many.hashpriceUsdPerPhDay, one.hashpriceUsdPerPhDay)
      })
    )
  })

  test('earn nothing at the break-even prices', ({ assert }) => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { breakEvenUsdPerKwh, breakEvenUsdPerBtc, ...result } = profit(input)
        const size = result.revenueUsdPerDay + result.fixedUsdPerDay
        const byEnergy = profit({ ...input, usdPerKwh: breakEvenUsdPerKwh! })
        assert.isBelow(Math.abs(byEnergy.profitUsdPerDay), 1e-12 * size + 1e-9)
        if (breakEvenUsdPerBtc! <= 0) return
        const byPrice = profit({ ...input, btcUsd: breakEvenUsdPerBtc! })
        const cost = Math.abs(result.electricityUsdPerDay) + result.fixedUsdPerDay
        assert.isBelow(Math.abs(byPrice.profitUsdPerDay), 1e-12 * cost + 1e-9)
      })
    )
  })
})

test.group('Profit | refusals', () => {
  test('refuse {field} = {value}')
    .with([
      ...['hashrateThs', 'powerW', 'subsidySats', 'feesSatsPerBlock', 'overheadPct'].map(
        (field) => ({ field, value: -1 as unknown })
      ),
      ...['difficulty', 'btcUsd', 'networkHashrateThs'].map((field) => ({ field, value: 0 })),
      ...Object.keys(GOLDEN).map((field) => ({ field, value: Number.NaN })),
      ...Object.keys(GOLDEN).map((field) => ({ field, value: '5' })),
      ...Object.keys(GOLDEN).map((field) => ({ field, value: undefined })),
      ...['fixedUsdPerDay', 'overheadPct', 'usdPerKwh'].map((field) => ({
        field,
        value: Infinity,
      })),
      { field: 'poolFeePct', value: 100.1 },
      { field: 'poolFeePct', value: -0.1 },
      { field: 'subsidySats', value: -1n },
    ])
    .run(({ assert }, { field, value }) => {
      assertRefuses(assert, field, () => profit({ ...GOLDEN, [field]: value }))
    })

  test('refuse a result beyond a double', ({ assert }) => {
    const input = { ...GOLDEN, hashrateThs: 1e300, btcUsd: 1e300 }
    assertRefuses(assert, 'profitUsdPerDay', () => profit(input), 'E_CALC_OVERFLOW')
  })

  test('refuse bad production inputs', ({ assert }) => {
    assertRefuses(assert, 'rewardSats', () => satsPerDayByDifficulty(1, 1, -1))
    assertRefuses(assert, 'difficulty', () => satsPerDayByDifficulty(1, 0, 1))
    assertRefuses(assert, 'networkHashrateThs', () => satsPerDayByNetwork(1, 0, 1))
  })
})

test.group('Explain profit', () => {
  test('list the formulas with the values of input and result', ({ assert }) => {
    const result = profit(GOLDEN)
    const steps = explainProfit(GOLDEN, result)
    assert.deepEqual(
      steps.map((step) => step.code.replace('calculator.explain.', '')),
      [
        ...['reward', 'production', 'pool_fee', 'revenue', 'energy', 'electricity', 'profit'],
        ...['break_even_kwh', 'break_even_btc', 'hashprice', 'network.E_NO_NETWORK_HASHRATE'],
      ]
    )
    assert.deepEqual(steps[1]?.values, {
      hashrateThs: 200_000,
      difficulty: 119_120_000_000_000,
      rewardSats: 312_500_000,
      grossBtcPerDay: result.grossBtcPerDay,
    })
    assert.equal(steps[6]?.values.profitUsdPerDay, result.profitUsdPerDay)
  })
})
