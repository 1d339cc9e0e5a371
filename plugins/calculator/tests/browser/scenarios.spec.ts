import { test } from '@japa/runner'
import { ApiClient } from '@japa/api-client'
import { makeMember, makeTenant } from '#tests/helpers'
import { complaintsOf, LOOKS, ORIGIN, pageFor } from '#tests/support/browser'
import { INVESTED, linkIn, post, QUESTION, save } from '../support/scenarios.js'

const SHOTS = process.env.SHOTS
/** As long as they may be: the sheet must hold them. */
const LONG = { name: '一号矿场水电直供方案'.repeat(8), note: '水'.repeat(500) }

/** Chromium writes one page object for every page. */
const pagesIn = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length

test.group('Pages of scenarios in a browser', () => {
  test('fit their screen, are accessible and leave the console silent; the sheet is one page')
    .with([...LOOKS])
    .run(async ({ browser, browserContext, assert }, look) => {
      await browserContext.close()
      const client = new ApiClient(ORIGIN, assert)
      const { user } = await makeMember(await makeTenant('Aurora Mining'), 'operator')
      const ids = [
        await save(client, user, { ...LONG, query: INVESTED }),
        await save(client, user, { name: '二号场', query: { ...QUESTION, usdPerKwh: '0.07' } }),
        await save(client, user, { name: 'No power', query: { ...QUESTION, powerW: '0' } }),
        await save(client, user, { name: 'Small', query: { ...QUESTION, count: '1' } }),
      ]
      const at = `/calculator/scenarios/${ids[0]}`
      const made = await post(client, `${at}/shares`, user, { days: 30, of: 'saved' })
      const link = linkIn(made.text())!
      const pages: Record<string, string> = {
        list: '/calculator/scenarios',
        scenario: at,
        comparison: `/calculator/scenarios/comparison?ids=${ids.join(',')}`,
        choosing: '/calculator/scenarios/comparison',
        print: `${at}/print`,
        shared: link,
        paper: `${link}/print`,
      }
      const wrong: string[] = []
      for (const [name, address] of Object.entries(pages)) {
        const isPublic = address.startsWith(link)
        const { context, page } = await pageFor(browser, isPublic ? null : user, look)
        page.on('console', (message) => {
          if (['error', 'warning'].includes(message.type()))
            wrong.push(`${name}: ${message.text()}`)
        })
        await page.goto(address)
        for (const text of await complaintsOf(page)) wrong.push(`${name}: ${text}`)
        if (SHOTS) {
          const path = `${SHOTS}/${name}-${look.locale}-${look.width}.png`
          await page.screenshot({ path, fullPage: true })
        }
        if (address.endsWith('/print')) {
          const pdf = await page.pdf({
            preferCSSPageSize: true,
            path: SHOTS ? `${SHOTS}/${name}-${look.locale}-${look.width}.pdf` : undefined,
          })
          assert.equal(pagesIn(pdf), 1, name)
        }
        await context.close()
      }
      assert.deepEqual(wrong, [])
    })

  test('save what stands in the form at the moment of saving, share it and open the link', async ({
    browser,
    browserContext,
    assert,
  }) => {
    await browserContext.close()
    const { user } = await makeMember(await makeTenant(), 'operator')
    const { context, page } = await pageFor(browser, user, LOOKS[0])
    await page.goto(`/calculator?${new URLSearchParams(QUESTION)}`)
    const answered = page.waitForResponse((response) => response.url().includes('usdPerKwh=0.06'))
    await page.locator('#f-usdPerKwh').fill('0.06')
    await answered
    await page.locator('[name="query[usdPerKwh]"][value="0.06"]').waitFor({ state: 'attached' })
    await page.locator('[data-dialog=scenario-save]').click()
    await page.locator('#scenario-name').fill('From the page')
    await page.locator('dialog[open] .form-actions button').click()
    await page.waitForURL(/\/calculator\/scenarios\/[0-9a-f-]{36}$/)
    // By hand: 3,550 kW × 24 h × $0.06 = $5,112.00 of electricity.
    assert.include(await page.content(), '$5,112.00')
    await page.locator('[data-dialog=scenario-share]').click()
    await page.locator('dialog[open] .form-actions button').click()
    const url = await page.locator('#share-url').inputValue()
    await context.close()
    const guest = await pageFor(browser, null, LOOKS[3])
    await guest.page.goto(url)
    assert.include(await guest.page.content(), '$5,112.00')
    await guest.context.close()
  })
})
