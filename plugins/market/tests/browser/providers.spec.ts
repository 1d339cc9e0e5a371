import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from '@japa/runner'
import type { Page } from 'playwright'
import { makeUser } from '#tests/helpers'
import { sessionCookie } from '#tests/session_client'
import { feedsOf } from '../../services/provider_state.js'
import { refreshDatum } from '../../services/refresh_datum.js'
import { startProviders, useProviders } from '../support/provider_server.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ORIGIN = `http://127.0.0.1:${process.env.PORT}`
const LOOKS = [
  { locale: 'en', width: 1440 },
  { locale: 'zh', width: 390 },
] as const

/** What a person with a small screen, a keyboard or a screen reader would complain about. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe: runner, document } = globalThis as any
    const { violations } = await runner.run()
    const serious = violations.filter(({ impact }: any) => ['serious', 'critical'].includes(impact))
    const { scrollWidth, clientWidth } = document.documentElement
    return [
      ...serious.map(({ id, nodes }: any) => `${id}: ${nodes[0]?.html}`),
      ...(scrollWidth > clientWidth ? [`${scrollWidth} px wide`] : []),
    ]
  })
}

test.group('The page of data providers in a browser', () => {
  for (const { locale, width } of LOOKS) {
    test(`move, try and set a key, ${locale} at ${width} px`, async ({
      browser,
      assert,
      cleanup,
    }) => {
      const server = await startProviders({ now: new Date() })
      cleanup(await useProviders(server))
      server.faults.set('blockchain_info', (_, response) => response.writeHead(500).end())
      for (let n = 0; n < 3; n++) await refreshDatum('price', { pauseMs: 0 })
      const user = await makeUser({ platformRole: 'owner', locale })
      const { name, value } = await sessionCookie(user)
      const context = await browser.newContext({ viewport: { width, height: 900 } })
      cleanup(() => context.close())
      await context.addCookies([{ name, value, url: ORIGIN }])
      const page = await context.newPage()
      const heard: string[] = []
      page.on('console', (message) => heard.push(message.text()))
      page.on('pageerror', (error) => heard.push(error.message))

      await page.goto(`${ORIGIN}/market/providers`)
      assert.deepEqual(await faultsOf(page), [])
      const up = page.locator('form[action$="/mempool_space/price/position"] button').first()
      await Promise.all([page.waitForEvent('load'), up.click()])
      const order = (await feedsOf('price')).map(({ provider }) => provider.name)
      assert.deepEqual(order.slice(0, 3), ['coingecko', 'mempool_space', 'blockchain_info'])

      await page.locator('form[action$="/coingecko/price/trial"] button').click()
      await page.getByText('91,234.5').waitFor()
      assert.deepEqual(await faultsOf(page), [])

      await page.goto(`${ORIGIN}/market/providers/coinwarz/edit`)
      await page.locator('input[name=apiKey]').fill('typed')
      await page.locator('main form button[type=submit]').first().click()
      await page.waitForURL(`${ORIGIN}/market/providers`)
      await page.goto(`${ORIGIN}/market/providers/coinwarz/edit`)
      assert.equal(await page.locator('input[name=apiKey]').inputValue(), '')
      assert.deepEqual(await faultsOf(page), [])
      assert.deepEqual(heard, [])
    })
  }
})
