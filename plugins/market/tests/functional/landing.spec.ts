import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'
import { ask } from '#tests/support/raw'

const DAY_MS = 86_400_000

async function store(values: Record<string, number>, at = new Date(), quality = 'single') {
  const rows = Object.entries(values).map(([series, value]) => ({
    series,
    value,
    at,
    quality,
    source: 'tester',
    imported_at: new Date(),
  }))
  await db.connection('login').table('market_points').multiInsert(rows)
}

/** The six figures of the page: name → text of its definition. */
function figuresIn(html: string) {
  const found = [...html.matchAll(/<div class="figure figure-(\w+)">(.*?)<\/div>/gs)]
  const text = (markup: string) =>
    markup
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim()
  return Object.fromEntries(found.map(([, name, markup]) => [name, text(markup!)]))
}

test.group('The market on the first page', (group) => {
  group.setup(async () => {
    await makeMember(await makeTenant(), 'operator')
  })
  group.each.setup(async () => {
    const clear = async () => {
      await db.connection('login').from('market_points').delete()
    }
    await clear()
    return clear
  })

  test('show a dash with the reason where nothing is stored, and no line', async ({ assert }) => {
    const { text } = await ask('/?lang=en')
    assert.deepEqual(figuresIn(text), {
      price: 'Bitcoin price — not stored yet',
      difficulty: 'Difficulty — not stored yet',
      networkHashrate: 'Network hashrate — not stored yet',
      hashprice: 'Hashprice — needs a stored price',
      epoch: 'Next retarget — not stored yet',
      halving: 'Next halving — the block height is not stored',
    })
    assert.include(text, 'never fills a gap with a constant')
    assert.notInclude(text, '<polyline')
  })

  // By hand: 1,000 TH/s × 10¹² × 86,400 s × 312,500,000 sat ÷ (119.12 × 10¹² × 2³²)
  // = 52,773.90 sat a day = 0.0005277390 BTC × $100,000 = $52.77. Height 936,240: 936,240 mod 2016
  // = 816, so 1,200 blocks are left of the epoch; 1,050,000 − 936,240 = 113,760 to the halving.
  test('show what is stored in the units people read, with source and age', async ({ assert }) => {
    const at = new Date(Date.now() - 60_000)
    await store({ price_usd: 100_000, difficulty: 119_120_000_000_000 }, at)
    await store({ block_height: 936_240, network_hashrate_ths: 852_600_000 }, at)
    const { text } = await ask('/?lang=en')
    const figures = figuresIn(text)
    assert.match(figures.price!, /^Bitcoin price \$100,000 per BTC fresh: tester, 1 min/)
    assert.match(figures.difficulty!, /^Difficulty 119\.12 T fresh: tester/)
    assert.match(figures.networkHashrate!, /852\.6 EH\/s fresh: tester/)
    assert.match(figures.hashprice!, /\$52\.77 per PH\/s and day fresh: tester/)
    assert.match(figures.epoch!, /1,200 blocks about .*, at 10 min a block fresh/)
    assert.match(figures.halving!, /113,760 blocks about \w+ 20\d\d fresh/)
    const zh = figuresIn((await ask('/?lang=zh')).text)
    assert.match(zh.price!, /^比特币价格 \$100,000 每 BTC/)
  })

  test('mark old values as old and sources that disagree as such', async ({ assert }) => {
    await store({ price_usd: 90_000 }, new Date(Date.now() - 3 * DAY_MS), 'disputed')
    await store({ block_height: 936_240 }, new Date(Date.now() - 60 * DAY_MS))
    const figures = figuresIn((await ask('/?lang=en')).text)
    assert.match(figures.price!, /sources disagree old: tester, 3 days? ago/)
    // 1,200 blocks are 8.3 days: a day in the past is no estimate of the next retarget.
    assert.notInclude(figures.epoch, 'about')
  })

  test('draw the stored prices of four years as a line', async ({ assert }) => {
    for (const [days, price] of [
      [400, 25_000],
      [200, 50_000],
      [0, 100_000],
    ] as const) {
      await store({ price_usd: price }, new Date(Date.now() - days * DAY_MS))
    }
    const { text } = await ask('/?lang=en')
    const [, points] = /<polyline points="([^"]*)"/.exec(text)!
    // Equal factors are equal steps: the middle one lies in the middle of the box.
    assert.deepEqual(points!.split(' '), ['0,92', '200,48', '400,4'])
  })
})
