import IntlMessageFormat from 'intl-messageformat'
import { readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { BadInput } from '#core/errors'
import { deviationLevel } from '../../domain/deviation_level.js'
import { energyAxis, priceAxis } from '../../domain/heatmap_axis.js'
import { LEVERS } from '../../domain/sensitivity.js'
import { heatmapOf } from '../../services/heatmap.js'
import { priceMiner } from '../../services/price_miner.js'
import { projectMiner, type ProjectionQuery } from '../../services/project_miner.js'
import { sensitivityOf } from '../../services/sensitivity.js'
import { contextOf, nothingKnown } from '../support/contexts.js'

const FLEET: ProjectionQuery = { hashrateThs: 200, powerW: 3550, count: 100, poolFeePct: 2.5 }
const INVESTED: ProjectionQuery = { ...FLEET, capexUsdPerMiner: 3000, days: 730 }

test.group('Projection service', () => {
  test('take height, price, difficulty, fees and tariff from where they are known', ({
    assert,
  }) => {
    const { sources, capexCents, assumptions, startDate } = projectMiner(INVESTED, contextOf())
    assert.containSubset(sources, {
      startHeight: { value: 1_000_000, source: 'market', ageSeconds: 3600, quality: 'agreed' },
      btcUsd: { value: 100_000, source: 'market' },
      usdPerKwh: { value: 0.05, source: 'setting' },
      capexUsd: { value: 300_000, source: 'typed', detail: 'per_miner' },
      difficultyGrowthPctPerEpoch: { value: 0, source: 'assumption', detail: 'no_growth' },
    })
    assert.equal(capexCents, 30_000_000n)
    assert.equal(startDate, '2026-11-25')
    assert.include(assumptions, 'starts_today')
  })

  test('start from the day that the calculator prices', ({ assert }) => {
    const answer = projectMiner({ ...FLEET, days: 1 }, contextOf())
    const day = priceMiner(FLEET, contextOf())
    assert.equal(answer.totals.sats, day.booked.sats)
    assert.equal(answer.totals.revenueCents, day.booked.revenueCents)
    assert.equal(answer.totals.energyCents, day.booked.electricityCents)
    assert.equal(answer.totals.cashCents, day.booked.profitCents)
    assert.equal(answer.breakEven.breakEvenUsdPerBtc, day.breakEvenUsdPerBtc)
    assert.equal(answer.estimates.btcPerDay, day.btcPerDay)
  })

  test('name everything that is missing and invent nothing', ({ assert }) => {
    try {
      projectMiner(FLEET, nothingKnown())
      assert.fail('it answered')
    } catch (error) {
      assert.instanceOf(error, BadInput)
      const fields = (error as BadInput).messages.map(({ field }) => field)
      assert.sameMembers(fields, ['btcUsd', 'difficulty', 'usdPerKwh'])
    }
  })

  test('keep the book of the client when the cost of the energy is the host’s secret', ({
    assert,
  }) => {
    const query = { ...INVESTED, hosting: 'flat' as const, hostingUsdPerKwh: 0.07 }
    const { totals, sources } = projectMiner(query, contextOf({ settings: {} }))
    assert.isNull(totals.books!.host)
    assert.equal(totals.books!.client.invoiceCents, totals.hostingCents)
    assert.equal(totals.energyCents, 0n)
    assert.approximately(sources.usdPerKwh.value!, 0.07, 1e-9)
    assert.equal(sources.usdPerKwh.detail, 'hosting_all_in')
    const shared = { ...INVESTED, hosting: 'profit_share' as const, hostingSharePct: 20 }
    assert.throws(() => projectMiner(shared, contextOf({ settings: {} })), /usdPerKwh/)
    assert.isNotNull(projectMiner(shared, contextOf()).totals.books!.host)
  })

  test('show uptime, degradation, growth and the halving in the NPV', ({ assert }) => {
    const npv = (change: ProjectionQuery) =>
      projectMiner({ ...INVESTED, ...change }, contextOf()).returns.npvUsd!
    const base = npv({})
    assert.isBelow(npv({ uptimePct: 90 }), base)
    assert.isBelow(npv({ degradationPctPerMonth: 1 }), base)
    const growth = [0, 2, 5].map((pct) => npv({ difficultyGrowthPctPerMonth: pct }))
    assert.deepEqual(
      growth,
      growth.toSorted((one, other) => other - one)
    )
    assert.isAbove(npv({ startHeight: 840_000 }), base)
    const hopeless = projectMiner({ ...INVESTED, difficultyGrowthPctPerMonth: 8 }, contextOf())
    assert.equal(hopeless.returns.paybackReason, 'E_NOT_PAID_BACK')
  })

  test('pay no fees under PPS, and put luck on those who carry it', ({ assert }) => {
    const ask = (poolScheme: 'pps' | 'fpps' | 'pplns' | 'solo') =>
      projectMiner({ ...FLEET, days: 30, poolScheme }, contextOf())
    const [pps, fpps] = [ask('pps').totals.sats, ask('fpps').totals.sats]
    assert.approximately(Number(fpps) / Number(pps), 314.5 / 312.5, 1e-7)
    assert.equal(ask('pplns').variance.reason, 'E_NO_POOL_SHARE')
    assert.lengthOf(ask('solo').variance.bands!, 3)
  })

  test('have a sentence for every step, with all its values, in both languages', ({ assert }) => {
    const answers = [
      projectMiner(INVESTED, contextOf()),
      projectMiner({ ...INVESTED, taxRatePct: 20, depreciationYears: 3 }, contextOf()),
      projectMiner({ ...INVESTED, usdPerKwh: 0.9 }, contextOf()),
      projectMiner(FLEET, contextOf()),
      projectMiner(
        { ...INVESTED, hosting: 'flat', hostingUsdPerKwh: 0.06 },
        contextOf({ settings: {} })
      ),
    ]
    const seen = new Set<string>()
    for (const locale of ['en', 'zh']) {
      const file = `plugins/calculator/lang/${locale}/calculator_projection.json`
      const { explain, assumption } = JSON.parse(readFileSync(app.makePath(file), 'utf8'))
      for (const answer of answers) {
        for (const { code, values } of answer.explain) {
          const name = code.replace('calculator_projection.explain.', '')
          const shown = Object.fromEntries(
            Object.entries(values).map(([key, value]) => [key, String(value ?? '—')])
          )
          const sentence = new IntlMessageFormat(explain[name], locale).format(shown)
          assert.notMatch(String(sentence), /[{}]|NaN|undefined/, code)
          seen.add(name)
        }
        for (const code of answer.assumptions) assert.isString(assumption[code], code)
      }
    }
    assert.includeMembers(
      [...seen],
      ['tax', 'irr', 'irr_E_CALC_NO_ROOT', 'npv_E_NO_CAPEX', 'payback_E_NOT_PAID_BACK']
    )
  })
})

test.group('Heat map service', () => {
  test('hold the very numbers of the calculator, the used ones in the middle', ({ assert }) => {
    const map = heatmapOf({ ...FLEET, usdPerKwh: 0.061 }, contextOf())
    assert.lengthOf(map.btcUsdAxis, 9)
    assert.equal(map.btcUsdAxis[4], 100_000)
    assert.equal(map.usdPerKwhAxis[4], 0.061)
    assert.equal(map.profitUsdPerDay[4]![4], map.used.profitUsdPerDay)
    for (const [row, usdPerKwh] of map.usdPerKwhAxis.entries()) {
      for (const [column, btcUsd] of map.btcUsdAxis.entries()) {
        const answer = priceMiner({ ...FLEET, usdPerKwh, btcUsd }, contextOf())
        assert.equal(map.profitUsdPerDay[row]![column], answer.profitUsdPerDay)
      }
    }
    assert.isNull(map.npvUsd)
    assert.equal(map.npvReason, 'E_NO_CAPEX')
  })

  test('equal the calculator to the bit for 1,000 random fleets', ({ assert }) => {
    const between = (min: number, max: number) => fc.double({ min, max, noNaN: true })
    const fleets = fc.record({
      count: fc.integer({ min: 1, max: 5000 }),
      hashrateThs: between(0, 1200),
      powerW: between(0, 8000),
      difficulty: between(1, 2e14),
      feesSatsPerBlock: fc.integer({ min: 0, max: 50_000_000 }),
      poolFeePct: between(0, 100),
      overheadPct: between(0, 60),
      fixedUsdPerDay: between(0, 1000),
    })
    fc.assert(
      fc.property(fleets, between(0.01, 1e6), between(-0.05, 0.5), (fleet, btcUsd, usdPerKwh) => {
        const axes = { btcUsdAxis: [1, btcUsd], usdPerKwhAxis: [0, usdPerKwh] }
        const map = heatmapOf({ ...fleet, ...axes }, contextOf())
        const { profitUsdPerDay } = priceMiner({ ...fleet, btcUsd, usdPerKwh }, contextOf())
        assert.equal(map.profitUsdPerDay[1]![1], profitUsdPerDay)
      }),
      { numRuns: 1000 }
    )
  })

  test('break even on the contour', ({ assert }) => {
    const { btcUsdAxis, breakEvenUsdPerKwh } = heatmapOf(FLEET, contextOf())
    for (const [column, btcUsd] of btcUsdAxis.entries()) {
      const usdPerKwh = breakEvenUsdPerKwh[column]!
      const { profitUsdPerDay } = priceMiner({ ...FLEET, btcUsd, usdPerKwh }, contextOf())
      assert.approximately(profitUsdPerDay, 0, 1e-9)
    }
  })

  test('show the NPV of the projection where the prices are those in use', ({ assert }) => {
    const map = heatmapOf({ ...INVESTED, discountPctPerYear: 8 }, contextOf())
    const { returns } = projectMiner({ ...INVESTED, discountPctPerYear: 8 }, contextOf())
    assert.equal(map.npvUsd![4]![4], returns.npvUsd)
    assert.equal(map.used.npvUsd, returns.npvUsd)
  })

  test('keep the used price in the middle of every axis, credits included', ({ assert }) => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1e6, noNaN: true }), (used) => {
        const axis = energyAxis(used)
        assert.equal(axis[4], used)
        assert.deepEqual(
          axis,
          axis.toSorted((one, other) => one - other)
        )
      })
    )
    assert.deepEqual(priceAxis(10), [6, 7, 8, 9, 10, 11, 12, 13, 14])
  })
})

test.group('Sensitivity service', () => {
  test('sort the bars by their swing and keep the base', ({ assert }) => {
    const { bars, measure, baseUsd } = sensitivityOf(INVESTED, contextOf())
    assert.equal(measure, 'npvUsd')
    assert.equal(baseUsd, projectMiner(INVESTED, contextOf()).returns.npvUsd)
    assert.sameMembers(
      bars.map(({ lever }) => lever),
      [...LEVERS]
    )
    const swings = bars.map(({ swingUsd }) => swingUsd)
    assert.deepEqual(
      swings,
      swings.toSorted((one, other) => other - one)
    )
    const capex = bars.find(({ lever }) => lever === 'capex')!
    assert.approximately(capex.lowChangeUsd, 30_000, 1e-6)
    assert.approximately(capex.highChangeUsd, -30_000, 1e-6)
    const uptime = bars.find(({ lever }) => lever === 'uptime')!
    assert.equal(uptime.highChangeUsd, 0)
    const growth = bars.find(({ lever }) => lever === 'difficultyGrowth')!
    assert.containSubset(growth, { by: 1, unit: 'points_per_month' })
    assert.isAbove(growth.lowChangeUsd, 0)
  })

  test('measure the day where no investment is known', ({ assert }) => {
    const { bars, measure, baseUsd } = sensitivityOf({ ...FLEET, spreadPct: 20 }, contextOf())
    assert.equal(measure, 'profitUsdPerDay')
    assert.lengthOf(bars, 7)
    const day = priceMiner(FLEET, contextOf())
    assert.equal(baseUsd, day.profitUsdPerDay)
    const price = bars.find(({ lever }) => lever === 'btcUsd')!
    assert.approximately(price.highChangeUsd, day.revenueUsdPerDay * 0.2, 1e-9)
    const power = bars.find(({ lever }) => lever === 'power')!
    assert.approximately(power.highChangeUsd, -day.electricityUsdPerDay * 0.2, 1e-9)
  })
})

test.group('Two estimates', () => {
  test('agree below 5 %, warn from 5 %, alarm from 15 %, on both sides', ({ assert }) => {
    const levels = [0, 4.99, -4.99, 5, -5, 14.99, 15, -15, 300].map(deviationLevel)
    assert.deepEqual(levels, [
      'agree',
      'agree',
      'agree',
      'amber',
      'amber',
      'amber',
      'red',
      'red',
      'red',
    ])
    assert.isNull(deviationLevel(null))
  })
})
