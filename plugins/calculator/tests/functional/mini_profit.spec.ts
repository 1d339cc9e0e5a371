import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'
import { ask } from '#tests/support/raw'
import CatalogueModel from '../../models/catalogue_model.js'
import { answerOf } from '../support/answers.js'
import { current } from '#core/current'
import { guest } from '#services/identities'

const modelId = (name: string) =>
  current.run(guest(), async () => (await CatalogueModel.findByOrFail('name', name)).id)

const questionOf = async (more: Record<string, string> = {}) =>
  new URLSearchParams({
    modelId: await modelId('Antminer S21'),
    usdPerKwh: '0.05',
    btcUsd: '100000',
    difficulty: '119.12 T',
    ...more,
  })

const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&amp;', '&')

test.group('The small calculator', (group) => {
  group.setup(async () => {
    await makeMember(await makeTenant(), 'operator')
  })
  group.each.setup(async () => {
    const login = db.connection('login')
    await login.from('market_points').delete()
    await login.from('rate_limits').delete()
  })

  // By hand: 200 TH/s × 10¹² × 86,400 s × 312,500,000 sat ÷ (119.12 × 10¹² × 2³²) = 10,554.78 sat
  // = $10.55 at $100,000; 3.5 kW × 24 h × $0.05 = $4.20; $10.5548 − $4.20 = $6.35.
  // Break-even: $10.5548 ÷ 84 kWh = $0.12565; $4.20 ÷ 0.0001055478 BTC = $39,792.
  test('answer with the figures worked out by hand, and say who says so', async ({ assert }) => {
    const { status, text } = await ask(`/calculator/mini?${await questionOf()}`)
    assert.equal(status, 200)
    assert.notInclude(text, '<html')
    for (const figure of ['$6.35', '$10.55', '$4.20', '0.00010555', '$0.12565', '$39,792']) {
      assert.include(text, figure)
    }
    assert.include(textOf(text), 'Bitcoin price entered by hand: you')
    assert.include(textOf(text), 'Hashrate of one fresh: nameplate, evidence grade A')
    assert.include(textOf(text), 'Pool fee entered by hand: no pool fee')
  })

  test('say the same as the full calculator, and hand its question over', async ({
    client,
    assert,
  }) => {
    const question = await questionOf({ usdPerKwh: '0.0731' })
    const { text } = await ask(`/calculator/mini?${question}`)
    const [, url] = /href="(\/calculator\?[^"]*)"/.exec(text)!
    const full = await client.get(url!.replaceAll('&amp;', '&'))
    const { profitUsdPerDay, sources } = answerOf(full.text())
    assert.include(text, `$${profitUsdPerDay.toFixed(2)}`)
    assert.equal(sources.usdPerKwh.value, 0.0731)
    assert.equal(sources.difficulty.value, 119_120_000_000_000)
  })

  test('work without script: the first page answers its own form', async ({ assert }) => {
    const { text } = await ask(`/?lang=en&${await questionOf()}`)
    assert.include(text, '$6.35')
    assert.include(text, 'value="119.12 T"')
    assert.match(text, /<form [^>]*method="get" action="\/#calculator"/)
    assert.notInclude(text, 'An example to start from')
    const [, options] = /<select[^>]*name="modelId"[^>]*>(.*?)<\/select>/s.exec(text)!
    assert.match(options!, /selected>Bitmain Antminer S21, 200 TH\/s/)
  })

  test('ask for price and difficulty where none is stored, and use what is', async ({ assert }) => {
    const empty = await ask('/?lang=en')
    assert.include(empty.text, 'An example to start from')
    assert.include(empty.text, 'Type a bitcoin price: none is stored.')
    assert.include(empty.text, 'Type a difficulty: none is stored.')
    assert.match(empty.text, /<details class="more" open>/)
    const row = { at: new Date(), source: 'tester', quality: 'single', imported_at: new Date() }
    await db
      .connection('login')
      .table('market_points')
      .multiInsert([
        { ...row, series: 'price_usd', value: 100_000 },
        { ...row, series: 'difficulty', value: 119_120_000_000_000 },
      ])
    const { text } = await ask(
      `/calculator/mini?modelId=${await modelId('Antminer S21')}&usdPerKwh=0.05`
    )
    assert.include(text, '$6.35')
    assert.match(textOf(text), /Bitcoin price fresh: tester, \S+/)
  })

  test('name bad input in the language of the person and stay a page', async ({ assert }) => {
    const question = await questionOf({ usdPerKwh: 'cheap' })
    const fragment = await ask(`/calculator/mini?${question}`, { 'accept-language': 'zh' })
    assert.equal(fragment.status, 200)
    assert.include(fragment.text, '必须是数字。')
    const page = await ask(`/?lang=en&${question}`)
    assert.equal(page.status, 200)
    assert.include(page.text, 'value="cheap"')
    const odd = await ask('/?lang=en&modelId[]=1&usdPerKwh[a]=2&modelId=%3Cscript%3E')
    assert.equal(odd.status, 200)
    assert.notInclude(odd.text, '<script>')
  })

  test('warn where the market values are old', async ({ assert }) => {
    const at = new Date(Date.now() - 5 * 86_400_000)
    const row = { at, source: 'tester', quality: 'imported', imported_at: new Date() }
    await db
      .connection('login')
      .table('market_points')
      .multiInsert([
        { ...row, series: 'price_usd', value: 100_000 },
        { ...row, series: 'difficulty', value: 119_120_000_000_000 },
      ])
    const { text } = await ask('/?lang=en')
    assert.include(text, 'Calculated with old market values')
  })

  test('limit guests, by page and by script alike, and let the page itself through', async ({
    assert,
  }) => {
    const question = await questionOf()
    let last = 200
    for (let index = 0; index < 130 && last === 200; index++) {
      last = (await ask(`/calculator/mini?${question}`)).status
    }
    assert.equal(last, 429)
    assert.equal((await ask(`/?${question}`)).status, 429)
    assert.equal((await ask('/')).status, 200)
  }).teardown(async () => {
    await db.connection('login').from('rate_limits').delete()
  })
})
