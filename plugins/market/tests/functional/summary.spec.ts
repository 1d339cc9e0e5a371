import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { marketSummary } from '../../api.js'
import { asGuest, emptyMarket, storePoints } from '../support/market_rows.js'

const NOW = new Date('2026-11-25T12:00:00Z')
const AT = NOW.toISOString()
const summary = () => asGuest(() => marketSummary(NOW))

const storeEpoch = (firstBlockAt: Date | null, epoch = 484) =>
  db
    .connection('login')
    .table('market_epochs')
    .insert({
      epoch,
      first_height: epoch * 2016,
      bits: 0x170240c3,
      difficulty: 124_932_866_006_548.2,
      first_block_at: firstBlockAt,
      source: 'Own node',
    })

test.group('The market in six figures', (group) => {
  group.each.setup(emptyMarket)
  group.each.teardown(emptyMarket)

  test('give reasons instead of numbers while nothing is stored', async ({ assert }) => {
    const found = await summary()
    const reasons = Object.fromEntries(
      Object.entries(found).map(([name, figure]) => [name, 'reason' in figure && figure.reason])
    )
    assert.deepEqual(reasons, {
      price: 'not_stored',
      difficulty: 'not_stored',
      networkHashrate: 'not_stored',
      hashprice: 'no_price',
      epoch: 'not_stored',
      halving: 'no_height',
    })
    for (const figure of Object.values(found)) assert.isNull(figure.value)
  })

  test('give each figure with unit, source, time and quality', async ({ assert }) => {
    await storePoints([
      { series: 'price_usd', at: AT, value: 80_000, quality: 'agreed', source: 'A' },
      { series: 'difficulty', at: AT, value: 119.12e12, source: 'B' },
      { series: 'network_hashrate_ths', at: AT, value: 850e6, source: 'C' },
      { series: 'block_height', at: AT, value: 976_752, source: 'B' },
    ])
    // Epoch 484 began at height 975,744: 1,008 blocks in 590,000 s (numerics 02, pace band n1008).
    await storeEpoch(new Date(NOW.getTime() - 590_000_000))
    const { price, hashprice, networkHashrate, epoch, halving } = await summary()
    assert.deepEqual(price, {
      value: 80_000,
      unit: 'USD/BTC',
      source: 'A',
      at: AT,
      quality: 'agreed',
      isOld: false,
    })
    assert.containsSubset(networkHashrate, { value: 850e6, source: 'C' })
    // previous-system §16: $42.219 per PH/s and day at 119.12 T and $80,000.
    assert.approximately(hashprice.value!, 42.219, 0.0005)
    assert.containsSubset(hashprice, { quality: 'single', source: 'A, B' })
    assert.containsSubset(epoch, { value: 50, unit: '%', source: 'B' })
    assert.approximately(epoch.detail!.projection!.changeLowPct, -3.7228230655127703, 1e-8)
    assert.containsSubset(halving, { value: 1_050_000 - 976_752, unit: 'block' })
    assert.isAbove(halving.detail!.estimate.getTime(), NOW.getTime())
  })

  test('find when the epoch began between two sightings of the height', async ({ assert }) => {
    const before = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000).toISOString()
    await storePoints([
      { series: 'block_height', at: before(1020), value: 975_742 },
      { series: 'block_height', at: before(1000), value: 975_744 },
      { series: 'block_height', at: AT, value: 975_844 },
    ])
    const { epoch } = await summary()
    assert.deepEqual(epoch.detail!.firstBlockAt, new Date(before(1000)))
    assert.equal(epoch.detail!.projection!.meanIntervalS, 600)
  })

  test('name the newest stored epoch when no height is known, and project nothing', async ({
    assert,
  }) => {
    await storeEpoch(null, 473)
    const { epoch, halving } = await summary()
    assert.containsSubset(epoch, { value: null, reason: 'no_height' })
    assert.containsSubset(epoch.detail, { epoch: 473, projection: null, basis: 'table' })
    assert.isNull(halving.detail)
  })

  test('do not take an old height for the chain when a newer epoch is stored', async ({
    assert,
  }) => {
    await storeEpoch(null, 473)
    await storePoints([{ series: 'block_height', at: '2026-01-01', value: 930_000 }])
    const { epoch } = await summary()
    assert.containsSubset(epoch.detail, { epoch: 473, height: null })
  })

  test('say when a hashprice counts fees', async ({ assert }) => {
    await storePoints([
      { series: 'price_usd', at: AT, value: 80_000 },
      { series: 'difficulty', at: AT, value: 119.12e12 },
    ])
    assert.isFalse((await summary()).hashprice.detail!.includesFees)
    await storePoints([{ series: 'fees_sats_per_block', at: AT, value: 62_500_000 }])
    const { detail, value } = (await summary()).hashprice
    assert.isTrue(detail!.includesFees)
    assert.approximately(value!, 42.219 * 1.2, 0.001)
  })
})
