import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'
import { complaintsOf, pageFor } from '#tests/support/browser'
import { SHARED, workOffIn } from '../support/batches.js'

const FLEET =
  'Name,Model,Quantity,Power price\nA,S21,100,0.05\nB,No such miner,1,0.05\nC,M60S,7,0.06\n'

test.group('A batch in the browser', () => {
  test('goes from a file to results, without a complaint on any page')
    .with([
      { locale: 'en', width: 1440, height: 900 },
      { locale: 'zh', width: 390, height: 844 },
    ])
    .run(async ({ assert, browser, browserContext }, size) => {
      await browserContext.close()
      const tenant = await makeTenant('Aurora Mining')
      const { user } = await makeMember(tenant, 'mining_site_owner')
      const { context, page, heard } = await pageFor(browser, user, size)
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
