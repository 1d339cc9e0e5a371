import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { BASE } from '#tests/support/actors'
import { networkHashrateMean } from '../../api.js'
import { coinwarz } from '../../providers/coinwarz.js'
import { setKey } from '../../services/provider_changes.js'
import { refreshState } from '../../services/refresh_state.js'
import { storedCoins } from '../../services/stored_coins.js'
import { thinPoints } from '../../services/thin_points.js'
import { json, WORLD } from '../support/provider_world.js'
import { EPOCHS } from '../support/provider_answers.js'
import { onlyAsk, refill } from '../support/provider_server.js'
import { asGuest, login, refresh, latest, server, begin } from './feeds_setup.js'

test.group('Epochs', (group) => {
  group.each.setup(begin)
  const stored = () => db.connection('login').from('market_epochs').orderBy('epoch')

  test('learn when each epoch began, once', async ({ assert }) => {
    assert.equal((await refresh('epochs')).outcome, 'stored')
    const rows = await stored()
    // 953,568 ÷ 2,016 = 473.
    assert.deepEqual(
      rows.map(({ epoch, bits }) => [epoch, bits]),
      [
        [473, 0x17_02_42_85],
        [474, 0x17_02_40_c3],
        [475, 0x17_02_ad_53],
      ]
    )
    assert.deepEqual(rows[1].first_block_at, new Date(1_705_700_000_000))
    assert.equal((await refresh('epochs', 7200)).outcome, 'complete')
  })

  test('refuse an epoch that begins at no retarget, or whose difficulty no target has', async ({
    assert,
  }) => {
    const [first, ...rest] = EPOCHS
    for (const wrong of [
      [first![0]!, 957_601, first![2]!, 1],
      [first![0]!, 957_600, first![2]! * 1.000_01, 1],
    ]) {
      server.faults.set('mempool_space', json([wrong, ...rest]))
      await refill()
      const { outcome, feeds } = await refresh('epochs')
      assert.equal(outcome, 'nothing')
      assert.equal(feeds[0]!.reason, 'implausible')
    }
    assert.lengthOf(await stored(), 0)
  })
})

test.group('Candles and coins', (group) => {
  group.each.setup(begin)
  const count = async (span: string) => {
    const [row] = await login().from('market_candles').where('span', span).count('* as rows')
    return Number(row.rows)
  }

  test('fill the gap of four years and ninety days, then ask for nothing that is there', async ({
    assert,
  }) => {
    const first = await refresh('candles')
    assert.equal(first.outcome, 'stored')
    // 1,461 days before 25 Nov 12:00 begin with 25 Nov 2022 12:00, so that 26 Nov is the first whole
    // one and 24 Nov 2026 the last closed; hours likewise: 90 × 24, the last one closed at 12:00.
    assert.equal(await count('1d'), 1460)
    assert.equal(await count('1h'), 2160)
    assert.equal(server.asked('binance'), 2 + 3)
    const again = await refresh('candles', 60)
    assert.equal(again.outcome, 'complete')
    assert.equal(server.asked('binance'), 5)
    const newest = await login().from('market_candles').where('span', '1h').max('at as at').first()
    assert.equal(newest.at.toISOString(), '2026-11-25T11:00:00.000Z')
    const { at, source, quality } = (await latest('price_usd'))!
    assert.deepEqual(
      { at, source, quality },
      { at: '2026-11-25T00:00:00.000Z', source: 'Binance BTC/USDT', quality: 'single' }
    )
  }).timeout(30_000)

  test('fill only what is missing, from the next exchange when one is unplugged', async ({
    assert,
  }) => {
    await refresh('candles')
    await login()
      .from('market_candles')
      .whereIn('at', [new Date('2026-11-20T00:00:00Z'), new Date('2026-11-20T05:00:00Z')])
      .delete()
    server.faults.set('binance', (_, response) => response.writeHead(500).end())
    assert.equal((await refresh('candles', 60)).outcome, 'stored')
    const rows = await login().from('market_candles').where('source', 'OKX BTC/USDT')
    assert.sameMembers(
      rows.map(({ span, at }) => `${span} ${at.toISOString()}`),
      ['1d 2026-11-20T00:00:00.000Z', '1h 2026-11-20T00:00:00.000Z', '1h 2026-11-20T05:00:00.000Z']
    )
    assert.equal((await refresh('candles', 120)).outcome, 'complete')
  }).timeout(30_000)

  test('refuse a candle that cannot be, with all that came with it', async ({ assert }) => {
    await onlyAsk('candles', ['bybit'])
    const day = String(Date.parse('2026-11-24T00:00:00Z'))
    for (const row of [
      [day, '100', '90', '80', '95', '1', '1'],
      [day, '0', '90', '0', '80', '1', '1'],
      [String(Number(day) + 1), '50', '90', '40', '80', '1', '1'],
      [day, '99999999999', '99999999999', '50', '80', '1', '1'],
    ]) {
      server.answers['/bybit/v5/market/kline'] = json({ retCode: 0, result: { list: [row] } })
      const { outcome, feeds } = await refresh('candles')
      assert.equal(outcome, 'nothing')
      assert.equal(feeds.find(({ provider }) => provider === 'bybit')!.reason, 'implausible')
      await login().from('market_feeds').update({ failures: 0, retry_at: null })
    }
    assert.equal(await count('1d'), 0)
  })

  test('leave alone what no exchange has, and come back for what is not told yet', async ({
    assert,
  }) => {
    await onlyAsk('candles', ['bybit'])
    const from = Date.parse('2026-11-20T00:00:00Z')
    const rows = [0, 1, 2, 3].map((day) => [
      String(from + day * 86_400_000),
      '100',
      '120',
      '90',
      '110',
      '1',
      '1',
    ])
    server.answers['/bybit/v5/market/kline'] = (request, response) => {
      const isDaily = request.url!.includes('interval=D')
      json({ retCode: 0, result: { list: isDaily ? rows : [] } })(request, response)
    }
    await refresh('candles')
    // Before 20 November there is nothing; 24 November is not told yet, though it is over.
    assert.equal(await count('1d'), 4)
    const { note } = await refreshState('candles')
    assert.equal((note as { blankBefore: Record<string, number> }).blankBefore['1d'], from)
    rows.push([String(from + 4 * 86_400_000), '100', '120', '90', '110', '1', '1'])
    await refresh('candles', 300)
    assert.equal(await count('1d'), 5)
  })

  test('list the coins once a key is set, and keep the list when the next one is none', async ({
    assert,
  }) => {
    await setKey(coinwarz, 'a-key')
    assert.equal((await refresh('coins')).outcome, 'stored')
    const coins = await asGuest(() => storedCoins())
    await refresh('price')
    const page = await fetch(`${BASE}/market?range=30d`)
    assert.include(await page.text(), 'Coins mined with SHA-256')
    assert.deepEqual(
      coins.map(({ tag, blockTimeS, source }) => ({ tag, blockTimeS, source })),
      [
        { tag: 'BTC', blockTimeS: 600, source: 'CoinWarz' },
        { tag: 'BCH', blockTimeS: 600, source: 'CoinWarz' },
      ]
    )
    server.faults.set('coinwarz', json({ Success: false, Message: 'Invalid API key', Data: null }))
    const { outcome, feeds } = await refresh('coins', 3600)
    assert.equal(outcome, 'nothing')
    assert.equal(feeds[0]!.reason, 'schema')
    assert.lengthOf(await asGuest(() => storedCoins()), 2)
  })
})

test.group('What is kept', (group) => {
  group.each.setup(begin)

  const put = (
    series: string,
    rows: { at: Date; value?: number; quality?: string; source?: string }[]
  ) =>
    login()
      .table('market_points')
      .multiInsert(
        rows.map(({ at, value = 1, quality = 'single', source = 'x' }) => ({
          series,
          at,
          value,
          quality,
          source,
        }))
      )

  test('thin out old points, and never those of a file', async ({ assert }) => {
    const at = (daysAgo: number, seconds: number) =>
      new Date(Date.parse('2026-11-25T12:00:00Z') - daysAgo * 86_400_000 + seconds * 1000)
    const ticks = (daysAgo: number, count: number, everySeconds: number) =>
      Array.from({ length: count }, (_, n) => ({ at: at(daysAgo, n * everySeconds) }))
    await put('price_usd', [
      ...ticks(1, 20, 30), // younger than two days: all 20 stay
      ...ticks(10, 20, 30), // ten minutes in bins of five: 2
      ...ticks(100, 24, 300), // two hours in bins of an hour: 2
      ...ticks(500, 48, 3600), // from noon to noon and noon again: 3 days
    ])
    await put(
      'price_usd',
      [...ticks(10, 20, 30)].map((one) => ({ ...one, quality: 'imported', source: 'file' }))
    )
    assert.deepEqual(await thinPoints(WORLD.now), { deleted: 112 - 27 })
    const [row] = await login().from('market_points').count('* as rows')
    assert.equal(Number(row.rows), 27 + 20)
    assert.deepEqual(await thinPoints(WORLD.now), { deleted: 0 })
  })

  test('count a day once in the mean of the week, however many points and sources it has', async ({
    assert,
  }) => {
    const newest = Date.parse('2026-11-25T12:00:00Z')
    const day = (ago: number, hours = 0) => new Date(newest - ago * 86_400_000 - hours * 3_600_000)
    await put('network_hashrate_ths', [
      ...Array.from({ length: 100 }, (_, n) => ({ at: day(0, n / 10), value: 900, source: 'a' })),
      { at: day(1), value: 600, source: 'b' },
      { at: day(6), value: 300, source: 'b' },
      { at: day(8), value: 1, source: 'b' },
    ])
    const mean = await asGuest(() => networkHashrateMean())
    // (900 + 600 + 300) / 3
    assert.containsSubset(mean, { value: 600, days: 3, source: 'a, b' })
  })
})
