import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import type { Page } from 'playwright'
import { makeMember, makeTenant } from '#tests/helpers'
import { checkAccessibility } from '#tests/support/axe'
import { beforeImages, countTransfer } from '#tests/support/web_vitals'

const ORIGIN = `http://127.0.0.1:${process.env.PORT}`
const MOST_BYTES = 100 * 1024
const LOOKS = [
  { locale: 'en', width: 1440, height: 900 },
  { locale: 'en', width: 390, height: 844 },
  { locale: 'zh', width: 1440, height: 900 },
  { locale: 'zh', width: 390, height: 844 },
]

async function storeMarket() {
  const row = { at: new Date(), source: 'tester', quality: 'single', imported_at: new Date() }
  const values = { price_usd: 100_000, difficulty: 119_120_000_000_000, block_height: 936_240 }
  const rows = Object.entries(values).map(([series, value]) => ({ ...row, series, value }))
  await db.connection('login').table('market_points').multiInsert(rows)
}

/** Whatever the browser complains about: console, uncaught errors, content policy. */
function listen(page: Page) {
  const heard: string[] = []
  page.on('console', (message) => heard.push(message.text()))
  page.on('pageerror', (error) => heard.push(error.message))
  return heard
}

const clear = () => db.connection('login').from('market_points').delete()

test.group('The first page for guests', (group) => {
  group.setup(async () => {
    await makeMember(await makeTenant(), 'operator')
  })
  group.each.setup(async () => {
    await clear()
    return async () => {
      await clear()
    }
  })

  test('is light, accessible and silent at {width} in {locale}, with and without a market')
    .with(LOOKS)
    .run(async ({ assert, browser }, { locale, width, height }) => {
      for (const market of ['empty', 'stored']) {
        if (market === 'stored') await storeMarket()
        const context = await browser.newContext({ viewport: { width, height } })
        const page = await context.newPage()
        const heard = listen(page)
        const transfer = await countTransfer(await context.newCDPSession(page))
        await page.goto(`${ORIGIN}/?lang=${locale}`, { waitUntil: 'networkidle' })
        assert.isAbove(transfer.document, 1000)
        assert.isAtMost(beforeImages(transfer), MOST_BYTES, JSON.stringify(transfer))
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
        assert.isAtMost(wide, width)
        assert.deepEqual((await checkAccessibility(page)).violations, [], market)
        assert.deepEqual(heard, [], market)
        await context.close()
      }
    })

  test('answers while somebody types, hands the question over, and copies a command', async ({
    assert,
    browser,
  }) => {
    await storeMarket()
    const context = await browser.newContext({
      baseURL: ORIGIN,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const page = await context.newPage()
    const heard = listen(page)
    await page.goto('/?lang=en')
    await page
      .getByLabel('Miner', { exact: true })
      .selectOption({ label: 'Bitmain Antminer S21, 200 TH/s' })
    await page.getByLabel('Electricity').fill('0.05')
    // The figure that functional tests work out by hand.
    await page.locator('.result-value', { hasText: '$6.35' }).waitFor()
    await page.getByLabel('Electricity').fill('cheap')
    await page.getByText('must be a number').waitFor()
    await page.getByLabel('Electricity').fill('0.2')
    await page.locator('.result-value.bad').waitFor()
    assert.deepEqual((await checkAccessibility(page)).violations, [])
    await page.getByRole('button', { name: 'Copy the command npm start' }).click()
    await page.locator('#said', { hasText: 'Copied' }).waitFor({ state: 'attached' })
    assert.equal(await page.evaluate<string>('navigator.clipboard.readText()'), 'npm start')
    assert.deepEqual(heard, [])
    await page
      .locator('#mini-result')
      .getByRole('link', { name: 'Open the full calculator' })
      .click()
    await page.waitForURL(/\/calculator\?.*usdPerKwh=0\.2/)
    await context.close()
  })

  test('works by keyboard and without script', async ({ assert, browser }) => {
    await storeMarket()
    const context = await browser.newContext({ baseURL: ORIGIN, javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto('/?lang=en')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    assert.match(page.url(), /#main$/)
    await page
      .getByLabel('Miner', { exact: true })
      .selectOption({ label: 'Bitmain Antminer S21, 200 TH/s' })
    await page.getByLabel('Electricity').fill('0.05')
    await page.keyboard.press('Enter')
    await page.waitForURL(/usdPerKwh=0\.05.*#calculator$/)
    assert.include(await page.locator('.result-value').innerText(), '$6.35')
    await context.close()
  })
})
