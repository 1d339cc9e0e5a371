import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from '@japa/runner'
import type { Page } from 'playwright'
import { makeMember, makeTenant } from '#tests/helpers'
import { sessionCookie } from '#tests/session_client'
import { SHARED, workOffIn } from '../support/batches.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ORIGIN = `http://127.0.0.1:${process.env.PORT}`
const FLEET =
  'Name,Model,Quantity,Power price\nA,S21,100,0.05\nB,No such miner,1,0.05\nC,M60S,7,0.06\n'

/** What a person would be told by their aids and their screen: serious faults, and a page too wide. */
async function complaintsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe: runner, document } = globalThis as any
    const { violations } = await runner.run()
    const root = document.documentElement
    return [
      ...violations
        .filter(({ impact }: any) => ['serious', 'critical'].includes(impact))
        .map((one: any) => `${one.id}: ${one.nodes[0]?.html}`),
      ...(root.scrollWidth > root.clientWidth + 1 ? ['too wide'] : []),
    ]
  })
}

test.group('A batch in the browser', () => {
  test('goes from a file to results, without a complaint on any page')
    .with([
      { locale: 'en', width: 1440, height: 900 },
      { locale: 'zh', width: 390, height: 844 },
    ])
    .run(async ({ assert, browser, browserContext }, { locale, width, height }) => {
      await browserContext.close()
      const tenant = await makeTenant('Aurora Mining')
      const { user } = await makeMember(tenant, 'mining_site_owner')
      const context = await browser.newContext({ viewport: { width, height }, baseURL: ORIGIN })
      const { name, value } = await sessionCookie(user, { locale })
      await context.addCookies([{ name, value, url: ORIGIN }])
      const page = await context.newPage()
      const heard: string[] = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) heard.push(message.text())
      })
      page.on('pageerror', (error) => heard.push(error.message))
      const look = async (what: string) =>
        assert.deepEqual([what, ...heard, ...(await complaintsOf(page))], [what])

      await page.goto('/calculator/batches')
      const file = { name: 'fleet.csv', mimeType: 'text/csv', buffer: Buffer.from(FLEET) }
      await page.setInputFiles('input[type=file]', file)
      await page.click('form[enctype] button')
      await page.waitForSelector('#batch-mapping')
      await look('mapping')

      const id = new URL(page.url()).pathname.split('/').at(-1)!
      await page.locator('summary').last().click()
      for (const field of ['btcUsd', 'difficulty'] as const) {
        await page.fill(`#shared-${field}`, String(SHARED[field]))
      }
      await page.waitForSelector('input[type=hidden][name="shared[difficulty]"]', {
        state: 'attached',
      })
      await look('preview')

      await page.click('form[action$="/run"] button')
      await page.waitForSelector('progress')
      await look('running')
      await workOffIn(tenant, id)
      await page.waitForSelector('#batch-profit')
      await look('results')
      await page.goto(`/calculator/batches/${id}/faults`)
      await look('refused rows')
      await context.close()
    })
    .timeout(120_000)
})
