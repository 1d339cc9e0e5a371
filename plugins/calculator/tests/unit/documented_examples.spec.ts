import { test } from '@japa/runner'
import { bookedMonth } from '../../domain/booked_month.js'
import { breakEvenDifficulty } from '../../domain/break_even.js'
import { epochGrowthPct } from '../../domain/epoch_growth.js'
import { hostingSettlement, type HostingModel } from '../../domain/hosting_settlement.js'
import { pricesOf } from '../../domain/price_path.js'
import { profit } from '../../domain/profit.js'
import { project } from '../../domain/projection.js'
import { projectDays } from '../../domain/projection_months.js'
import { returnsOf } from '../../domain/projection_returns.js'
import { energyUsd, flatTariff } from '../../domain/tariff.js'
import { taxYears } from '../../domain/tax.js'
import { uptimeBand } from '../../domain/uptime_band.js'
import { varianceBand } from '../../domain/variance_band.js'
import { projectionOf } from '../support/projections.js'

/**
 * The examples of docs/calculator.md, in its order. The figures were worked out by hand or with
 * decimal arithmetic outside this project, and stand here as they stand there.
 */
test.group('Documented examples', () => {
  const BLOCKS = [
    { upToKwh: 1000, usdPerKwh: 0.05 },
    { upToKwh: 2500, usdPerKwh: 0.045 },
    { upToKwh: null, usdPerKwh: 0.04 },
  ]

  test('tariff blocks', ({ assert }) => {
    assert.approximately(energyUsd(BLOCKS, 0, 3000), 137.5, 1e-12)
    assert.approximately(energyUsd(BLOCKS, 960, 120), 5.6, 1e-12)
  })

  test('demand charge', ({ assert }) => {
    const tariff = { ...flatTariff(0), demandUsdPerKwMonth: 9 }
    const input = projectionOf({ powerW: 100_000, overheadPct: 0, tariff, days: 40 })
    const { months } = project(input)
    assert.deepEqual(
      months.map(({ demandCents }) => demandCents),
      [90_000n, 30_000n]
    )
  })

  test('growth a month as growth a retarget', ({ assert }) => {
    assert.approximately(epochGrowthPct(5), 2.302992964251247, 1e-13)
  })

  test('price paths', ({ assert }) => {
    const points = [
      { day: 0, btcUsd: 90_000 },
      { day: 365, btcUsd: 120_000 },
    ]
    const linear = pricesOf({ kind: 'points', points }, 1, 400)
    assert.approximately(linear[100]!, 98_219.1780821918, 1e-9)
    assert.equal(linear[399], 120_000)
    const monthly = pricesOf({ kind: 'monthly', growthPct: 3 }, 90_000, 46)
    assert.approximately(monthly[45]!, 94_080.2248084049, 1e-9)
    const yearly = pricesOf({ kind: 'yearly', growthPct: 20 }, 90_000, 101)
    assert.approximately(yearly[100]!, 94_609.7732261862, 1e-9)
  })

  test('degradation', ({ assert }) => {
    const input = projectionOf({ hashrateThs: 100, degradationPctPerMonth: 1, days: 76 })
    const { months } = project(input)
    assert.approximately(months[2]!.hashrateThs, 98.01, 1e-12)
    // The power stays: 3.645 kW * 24 h * 1.03 for 30 and for 16 days.
    assert.approximately(months[0]!.kwh, 2703.132, 1e-9)
    assert.approximately(months[2]!.kwh, 1441.6704, 1e-9)
  })

  test('uptime with planned and unplanned downtime', ({ assert }) => {
    const band = uptimeBand({ plannedPct: 2, unplannedPct: { low: 1, mid: 3, high: 8 } })
    assert.approximately(band.high, 97.02, 1e-12)
    assert.approximately(band.mid, 95.06, 1e-12)
    assert.approximately(band.low, 90.16, 1e-12)
  })

  const settle = (model: HostingModel, grossCents = 1_200_000n, paidUsd = '13436.928') =>
    hostingSettlement({
      kwh: 262_440,
      kw: 364.5,
      miners: 100,
      energyUsd: paidUsd,
      clientGrossRevenueCents: grossCents,
      model,
    })

  test('profit share in a month of loss, and in a month of gain', ({ assert }) => {
    const loss = settle({ type: 'profit_share', hostShare: 0.25 })
    assert.deepEqual(loss, { hostInvoiceCents: 1_343_693n, clientNetCents: -143_693n })
    // 13,436.928 + 25 % of (20,000 - 13,436.928) = 15,077.696
    const gain = settle({ type: 'profit_share', hostShare: 0.25 }, 2_000_000n)
    assert.deepEqual(gain, { hostInvoiceCents: 1_507_770n, clientNetCents: 492_230n })
  })

  test('hosting per miner, with a mark-up and for half a month', ({ assert }) => {
    const perMiner = settle({ type: 'per_miner', usdPerMinerMonth: 8 })
    assert.equal(perMiner.hostInvoiceCents, 1_423_693n)
    const markUp = settle({ type: 'mark_up', markUpPct: 12 })
    assert.equal(markUp.hostInvoiceCents, 1_504_936n)
    const credit = settle({ type: 'mark_up', markUpPct: 12 }, 0n, '-100')
    assert.equal(credit.hostInvoiceCents, -10_000n)
    const half = hostingSettlement({
      kwh: 131_220,
      kw: 364.5,
      months: 0.5,
      energyUsd: '6718.464',
      clientGrossRevenueCents: 0n,
      model: { type: 'capacity', usdPerKwMonth: 9.5 },
    })
    assert.equal(half.hostInvoiceCents, 844_984n)
  })

  test('two books of one month', ({ assert }) => {
    const input = projectionOf({
      powerW: 364_500,
      overheadPct: 0,
      tariff: flatTariff(0.04),
      hosting: { type: 'flat', usdPerKwh: 0.075 },
      days: 30,
    })
    const { months } = projectDays(input)
    const { books, hostingCents, energyCents } = bookedMonth(months[0]!, 0, input)
    assert.deepEqual(books?.host, {
      revenueCents: 1_968_300n,
      energyCents: 1_049_760n,
      demandCents: 0n,
      marginCents: 918_540n,
    })
    assert.equal(books?.client.invoiceCents, 1_968_300n)
    assert.deepEqual([hostingCents, energyCents], [1_968_300n, 0n])
  })

  test('tax after depreciation, with a loss carried forward', ({ assert }) => {
    const cash = new Float64Array(730).fill(300 / 365, 0, 365).fill(900 / 365, 365)
    const rule = { ratePct: 25, depreciationYears: 2 }
    const [first, second] = taxYears({ cash, capexUsd: 1000, resaleUsd: 100, rule })
    assert.containSubset(first, { depreciationUsd: 500, disposalUsd: 0, taxUsd: 0 })
    assert.containSubset(second, { depreciationUsd: 500, disposalUsd: 100 })
    assert.approximately(second!.lossUsedUsd, 200, 1e-9)
    assert.approximately(second!.taxUsd, 75, 1e-9)
  })

  test('discounted payback', ({ assert }) => {
    const { paybackDays, discountedPaybackDays } = returnsOf({
      input: { capexUsd: 100, discountPctPerYear: 10, startDate: null },
      cash: new Float64Array(200).fill(1),
      resaleUsd: 0,
      booked: [],
    })
    assert.equal(paybackDays, 100)
    assert.approximately(discountedPaybackDays!, 101.34223891097814, 1e-10)
  })

  test('return on real dates', ({ assert }) => {
    const { xirrAnnual } = returnsOf({
      input: { capexUsd: 1000, discountPctPerYear: 0, startDate: '2026-12-01' },
      cash: new Float64Array(90).fill(1200 / 90),
      resaleUsd: 0,
      booked: [30, 60, 90].map((endDay) => ({ endDay, cashUsd: 400 })),
    })
    assert.approximately(xirrAnnual!, 2.084821521060514, 1e-11)
  })

  test('break-even difficulty', ({ assert }) => {
    const day = profit({
      hashrateThs: 200_000,
      powerW: 3_550_000,
      difficulty: 119.12e12,
      subsidySats: 312_500_000,
      btcUsd: 100_000,
      usdPerKwh: 0.05,
      poolFeePct: 2.5,
      networkHashrateThs: null,
    })
    const { difficulty } = breakEvenDifficulty(119.12e12, day)
    assert.approximately(difficulty! / 287_758_999_727_141.69, 1, 1e-13)
  })

  test('luck of PPLNS and PPS+ in a month', ({ assert }) => {
    // A pool of 2 % of the network, a miner of 0.1 % of the pool: 0.002 % of the network.
    const difficulty = 119.12e12
    const hashrateThs = (2e-5 * 144 * difficulty * 2 ** 32) / 86_400 / 1e12
    const question = {
      hashrateThs,
      difficulty,
      subsidySats: 312_500_000,
      feesSatsPerBlock: 2_000_000,
      poolFeePct: 2,
      poolSharePct: 2,
    }
    const pplns = varianceBand({ ...question, scheme: 'pplns' }).bands!
    assert.containSubset(pplns[0], { days: 1, lowBlocks: 0, highBlocks: 6 })
    assert.approximately(pplns[0]!.noBlockProbability, 0.05613476283413372, 1e-12)
    assert.containSubset(pplns[1], { days: 30, lowBlocks: 71, highBlocks: 102 })
    assert.approximately(pplns[1]!.expectedSats, 26_629_344, 1e-4)
    assert.approximately(pplns[1]!.lowSats, 21_882_910, 1e-4)
    assert.approximately(pplns[1]!.highSats, 31_437_420, 1e-4)
    assert.containSubset(pplns[2], { days: 365, lowBlocks: 998, highBlocks: 1105 })
    const plus = varianceBand({ ...question, scheme: 'pps_plus' }).bands!
    assert.approximately(plus[1]!.expectedSats, 26_629_344, 1e-4)
    assert.approximately(plus[1]!.lowSats, 26_599_160, 1e-4)
    assert.approximately(plus[1]!.highSats, 26_659_920, 1e-4)
  })

  test('luck of a solo miner in a year', ({ assert }) => {
    const { bands } = varianceBand({
      scheme: 'solo',
      hashrateThs: 200,
      difficulty: 119.12e12,
      subsidySats: 312_500_000,
      feesSatsPerBlock: 0,
      poolFeePct: 2,
      poolSharePct: null,
    })
    const year = bands![2]!
    assert.approximately(year.expectedBlocks, 0.012327983845313016, 1e-15)
    assert.approximately(year.noBlockProbability, 0.9877476944414095, 1e-13)
    assert.approximately(year.expectedSats, 3_775_445.0526271113, 1e-6)
    assert.containSubset(year, { lowSats: 0, highSats: 0 })
  })
})
