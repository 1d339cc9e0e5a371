import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import {
  emptyMarket,
  importSharedData,
  sharedDataIsAbsent,
  storeLiveRows,
  storePoints,
} from '../support/market_rows.js'

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000)
const zh = { 'accept-language': 'zh-CN' }

test.group('Pages of the market', (group) => {
  group.each.setup(emptyMarket)
  group.each.teardown(emptyMarket)

  test('say that nothing is stored, and what to do about it', async ({ client }) => {
    for (const path of ['/market', '/market/series']) {
      const page = await client.get(path)
      page.assertStatus(200)
      page.assertTextIncludes('No market data yet')
      page.assertTextIncludes('market:import')
    }
    const epochs = await client.get('/market/epochs')
    epochs.assertTextIncludes('No epochs yet')
    // Consensus needs no data.
    epochs.assertTextIncludes('0.1953125')
  })

  test('show figures with source, agreement and how the chain goes on', async ({ client }) => {
    await storeLiveRows(new Date())
    const page = await client.get('/market')
    page.assertTextIncludes('$88,000')
    page.assertTextIncludes('CoinGecko (sources agree)')
    page.assertTextIncludes('Epoch 484: 760 blocks left')
    page.assertTextIncludes('Halving at 1,050,000')
    page.assertTextIncludes('0.0431')
    page.assertTextIncludes('greed')
    // 312,500,000 + 4,312,876 sat, with the formula and its values.
    page.assertTextIncludes('312,500,000 + 4,312,876 sat')
  })

  test('speak Chinese', async ({ client }) => {
    await storeLiveRows(new Date())
    const page = await client.get('/market').headers(zh)
    page.assertTextIncludes('下次难度调整')
    page.assertTextIncludes('CoinGecko (多源一致)')
    page.assertTextIncludes('第 484 周期，剩余 760 个区块')
    const epochs = await client.get('/market/epochs').headers(zh)
    epochs.assertTextIncludes('区块补贴时间表')
  })

  test('mark what is old, and begin with it', async ({ client }) => {
    await storePoints([{ series: 'price_usd', at: ago(200), value: 70_000, quality: 'agreed' }])
    const page = await client.get('/market')
    page.assertTextIncludes('The newest price is $70,000 of')
    page.assertTextIncludes('source-old')
    page.assertTextIncludes('needs a stored difficulty')
  })

  test('show who says what when sources contradict each other', async ({ client }) => {
    await storePoints([
      { series: 'price_usd', at: ago(0.01), value: 70_000, quality: 'disputed', source: 'One' },
      { series: 'price_usd', at: ago(0.02), value: 77_000, quality: 'disputed', source: 'Two' },
    ])
    const page = await client.get('/market')
    page.assertTextIncludes('Sources contradict each other about the bitcoin price')
    page.assertTextIncludes('Sources disagree: $70,000 (One), $77,000 (Two)')
  })

  test('refuse choices that there are not', async ({ client }) => {
    for (const query of ['range=banana', 'range[]=1y', 'scale=cubic']) {
      const page = await client.get(`/market?${query}`)
      page.assertStatus(400)
      page.assertTextIncludes('There is no such choice')
    }
    const files = ['series=weather&range=1y', 'series=price_usd&range=2y', 'range=1y']
    for (const query of files) {
      const file = await client.get(`/market/history.csv?${query}`)
      file.assertStatus(400)
    }
    const sorted = await client.get('/market/epochs?sort=password')
    sorted.assertStatus(400)
  })

  test('give the figures of a chart as a file without its gaps', async ({ client, assert }) => {
    await storePoints([
      { series: 'price_usd', at: ago(240), value: 1 },
      { series: 'price_usd', at: ago(24), value: 2 },
    ])
    const file = await client.get('/market/history.csv?series=price_usd&range=1y')
    file.assertHeader('content-type', 'text/csv; charset=utf-8')
    const lines = file.text().trim().split('\r\n')
    assert.equal(lines[0], 'Time (UTC),Bitcoin price (USD/BTC)')
    assert.deepEqual(
      lines.slice(1).map((line) => line.split(',')[1]),
      ['1', '2']
    )
  })

  test('list epochs, sorted and as a file', async ({ client, assert }) => {
    await importSharedData(new Date())
    const page = await client.get('/market/epochs')
    page.assertTextIncludes('-10.09%')
    const sorted = await client.get('/market/epochs?sort=change_pct&dir=asc')
    // The greatest fall so far: epoch 343, July 2021, -27.94 %.
    sorted.assertTextIncludes('-27.94%')
    const file = await client.get('/market/epochs?format=csv')
    const lines = file.text().trim().split('\r\n')
    assert.lengthOf(lines, 475)
    const [, row] = lines
    assert.match(row!, /^473,953568,,124932866006548\.\d+,-10\.0/)
  }).skip(sharedDataIsAbsent)

  test('show a decade: three halvings on the price, a step for each retarget', async ({
    client,
    assert,
  }) => {
    await importSharedData(new Date())
    const page = await client.get('/market?range=all&scale=log')
    const charts = specsOf(page.text())
    assert.deepEqual(
      charts.map(({ id }) => id),
      ['chart-price_usd', 'chart-hashprice', 'chart-difficulty', 'chart-network_hashrate_ths']
    )
    const [price, hashprice, difficulty] = charts
    assert.lengthOf(price!.events, 3)
    assert.isTrue(price!.log)
    assert.isAbove(price!.series[0]!.data.length, 400)
    assert.isAtMost(price!.series[0]!.data.length, 850)
    assert.isAbove(hashprice!.series[0]!.data.length, 400)
    // Two corners for each of 436 epochs with known times, and the days after them.
    assert.isAbove(difficulty!.series[0]!.data.length, 872)
    assert.isFalse(difficulty!.log)
  }).skip(sharedDataIsAbsent)

  test('tell what is stored and which days are missing', async ({ client }) => {
    await importSharedData(new Date())
    const page = await client.get('/market/series')
    page.assertTextIncludes('Daily candles')
    page.assertTextIncludes('4,091')
    page.assertTextIncludes('Days missing')
    page.assertTextIncludes('imported')
  }).skip(sharedDataIsAbsent)

  test('name the epochs that are not stored yet', async ({ client }) => {
    await db.connection('login').table('market_epochs').insert({
      epoch: 473,
      first_height: 953_568,
      bits: 0x170240c3,
      difficulty: 124_932_866_006_548.2,
      source: 'test',
    })
    await storePoints([{ series: 'block_height', at: ago(0), value: 977_000 }])
    const page = await client.get('/market/epochs')
    page.assertTextIncludes('Epochs 474 to 484 are not stored yet')
    page.assertTextIncludes('when this epoch began is not stored')
  })

  test('are a widget of the first page', async ({ client }) => {
    await storeLiveRows(new Date())
    const widget = await client.get('/market/latest').headers({ 'hx-request': 'true' })
    widget.assertTextIncludes('$88,000')
    widget.assertTextIncludes('Next retarget')
  })
})

interface Spec {
  id: string
  log?: boolean
  events: unknown[]
  series: { data: unknown[] }[]
}

/** What the charts of a page are told. */
function specsOf(html: string): Spec[] {
  const found = html.matchAll(/<script type="application\/json" data-chart-spec>(.*?)<\/script>/gs)
  return [...found].map(([, json]) => JSON.parse(json!) as Spec)
}
