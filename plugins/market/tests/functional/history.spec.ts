import { test } from '@japa/runner'
import { rangeOf } from '../../domain/ranges.js'
import {
  coverage,
  difficultyHistory,
  hashpriceHistory,
  hashrateHistory,
  history,
} from '../../services/history.js'
import { priceChanges } from '../../services/price_changes.js'
import { asGuest, emptyMarket, type PointRow, storePoints } from '../support/market_rows.js'

const NOW = new Date('2024-05-01T00:00:00Z')
const DAY = 86_400_000
const day = (text: string) => new Date(`${text}T00:00:00Z`)
const ms = (text: string) => day(text).getTime()
const year = rangeOf('1y')!

const imported = (series: PointRow['series'], at: Date, value: number): PointRow => ({
  series,
  at,
  value,
  source: 'file.csv',
  quality: 'imported',
})
const prices = (...rows: [string, number][]) =>
  storePoints(rows.map(([at, value]) => imported('price_usd', day(at), value)))

test.group('History of the market', (group) => {
  group.each.setup(emptyMarket)
  group.each.teardown(emptyMarket)

  test('break the line where days are missing', async ({ assert }) => {
    await prices(['2024-04-01', 1], ['2024-04-02', 2], ['2024-04-05', 5], ['2024-04-06', 6])
    assert.deepEqual(await asGuest(() => history('price_usd', year, NOW)), [
      [ms('2024-04-01'), 1],
      [ms('2024-04-02'), 2],
      [ms('2024-04-05') - 1, null],
      [ms('2024-04-05'), 5],
      [ms('2024-04-06'), 6],
    ])
  })

  test('thin to the last value of each step, and forget no gap inside one', async ({ assert }) => {
    const days = Array.from({ length: 33 }, (_, index) => index).filter((index) => index !== 12)
    await storePoints(
      days.map((index) => imported('price_usd', new Date(index * DAY + 16 * DAY), index + 1))
    )
    const points = await asGuest(() => history('price_usd', rangeOf('all')!, NOW))
    // Steps of 8 days from 1970-01-01: days 16–23, 24–31, 32–39, 40–47 and 48.
    assert.deepEqual(
      points.map(([, value]) => value),
      [8, null, 16, 24, 32, 33]
    )
  })

  test('take a feed that was away for half a day as a gap', async ({ assert }) => {
    const at = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)
    await storePoints(
      [0, 5, 10, 15, 900, 905, 910].map((minutes) => ({
        series: 'price_usd' as const,
        at: at(minutes),
        value: minutes + 1,
      }))
    )
    const points = await asGuest(() => history('price_usd', rangeOf('1d')!, NOW))
    assert.deepEqual(
      points.map(([, value]) => value),
      [911, 906, 901, null, 16, 11, 6, 1]
    )
  })

  test('price each day at its own difficulty and subsidy', async ({ assert }) => {
    await prices(['2024-04-18', 60_000], ['2024-04-19', 64_000], ['2024-04-20', 65_000])
    await storePoints([
      imported('difficulty', day('2024-04-18'), 86.4e12),
      imported('difficulty', day('2024-04-19'), 86.4e12),
      imported('difficulty', day('2024-04-20'), 86.4e12),
    ])
    const { satsPerThDay, usdPerPhDay } = await asGuest(() => hashpriceHistory(year, NOW))
    // 1e12 · 86,400 · 6.25e8 / (86.4e12 · 2^32) = 625,000 / 4,294.967296 = 145.5191… sat;
    // the 20th of April ended in the era of 3.125.
    const before = 625_000 / 4294.967296
    for (const [index, expected] of [before, before, before / 2].entries()) {
      assert.approximately(satsPerThDay[index]![1]!, expected, 1e-9)
    }
    assert.approximately(usdPerPhDay[0]![1]!, (before * 1000 * 60_000) / 1e8, 1e-9)
    assert.approximately(usdPerPhDay[2]![1]!, (before * 500 * 65_000) / 1e8, 1e-9)
  })

  test('have no hashprice on days without a difficulty', async ({ assert }) => {
    await prices(['2024-04-01', 60_000], ['2024-04-02', 60_000], ['2024-04-03', 60_000])
    await storePoints([imported('difficulty', day('2024-04-01'), 86.4e12)])
    const { usdPerPhDay } = await asGuest(() => hashpriceHistory(year, NOW))
    assert.isNumber(usdPerPhDay[1]![1])
    assert.isNull(usdPerPhDay[2]![1])
  })

  test('show the network hashrate with its mean of seven days once there are enough', async ({
    assert,
  }) => {
    const days = Array.from({ length: 8 }, (_, index) => index)
    await storePoints(
      days.map((index) =>
        imported(
          'network_hashrate_ths',
          new Date(ms('2024-04-01') + index * DAY),
          100 * (index + 1)
        )
      )
    )
    const { daily, mean } = await asGuest(() => hashrateHistory(year, NOW))
    assert.deepEqual(
      daily.map(([, value]) => value),
      [100, 200, 300, 400, 500, 600, 700, 800]
    )
    // (100 + … + 600) / 6, (100 + … + 700) / 7, (200 + … + 800) / 7
    assert.deepEqual(
      mean.map(([, value]) => value),
      [null, null, null, null, null, 350, 400, 500]
    )
  })

  test('draw the difficulty as steps', async ({ assert }) => {
    await storePoints([
      imported('difficulty', day('2024-04-01'), 80e12),
      imported('difficulty', day('2024-04-02'), 80e12),
      imported('difficulty', day('2024-04-03'), 90e12),
      imported('difficulty', day('2024-04-04'), 90e12),
    ])
    assert.deepEqual(await asGuest(() => difficultyHistory(year, NOW)), [
      [ms('2024-04-01'), 80e12],
      [ms('2024-04-03'), 80e12],
      [ms('2024-04-03'), 90e12],
      [ms('2024-04-04'), 90e12],
    ])
  })

  test('say how much of each series is stored and how many days are missing', async ({
    assert,
  }) => {
    await prices(['2024-04-01', 1], ['2024-04-02', 2], ['2024-04-05', 5])
    assert.deepEqual(await asGuest(coverage), [
      {
        series: 'price_usd',
        source: 'file.csv',
        points: 3,
        from: day('2024-04-01'),
        to: day('2024-04-05'),
        missingDays: 2,
      },
    ])
  })

  test('compare the price with a day and a week before, where those are stored', async ({
    assert,
  }) => {
    const newest = {
      series: 'price_usd' as const,
      value: 110,
      at: '2024-04-09T00:00:00.000Z',
      source: 'file.csv',
      quality: 'imported' as const,
    }
    await prices(['2024-04-09', 110], ['2024-04-08', 100])
    assert.deepEqual(await asGuest(() => priceChanges(newest)), {
      dayPct: (110 / 100 - 1) * 100,
      weekPct: null,
    })
    await prices(['2024-04-02', 88])
    const { weekPct } = await asGuest(() => priceChanges(newest))
    assert.approximately(weekPct!, 25, 1e-9)
  })
})
