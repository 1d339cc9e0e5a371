import { test } from '@japa/runner'
import { isTokenShaped } from '#services/token_format'
import { makeMember, makeTenant } from '#tests/helpers'
import { sessionCookie } from '#tests/session_client'

const SHOTS = process.env.SHOTS

test.group('The page of API tokens in a browser', () => {
  test('make a token and revoke it')
    .with([
      { width: 1440, locale: 'en' },
      { width: 390, locale: 'zh' },
    ] as const)
    .run(async ({ browser, assert, cleanup }, { width, locale }) => {
      const { user } = await makeMember(await makeTenant(), 'operator', { locale })
      const { name, value } = await sessionCookie(user)
      const url = `http://127.0.0.1:${process.env.PORT}`
      const context = await browser.newContext({ viewport: { width, height: 900 } })
      cleanup(() => context.close())
      await context.addCookies([{ name, value, url }])
      const page = await context.newPage()
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(error.message))
      const shoot = async (step: string) => {
        if (SHOTS) await page.screenshot({ path: `${SHOTS}/${step}-${width}.png`, fullPage: false })
      }
      await page.goto(`${url}/tokens`)
      await shoot('1-empty')
      await page.locator('[data-dialog="token-new"]').click()
      await page.locator('dialog[open] [name="name"]').fill('Accounting export')
      await page.locator('dialog[open] [value="core.site.view"]').check()
      await shoot('2-form')
      await page.locator('dialog[open] form button[type="submit"]').click()
      const secret = page.locator('#token-text')
      assert.isTrue(isTokenShaped(await secret.inputValue()))
      await shoot('3-made')
      await page.locator('#tokens [data-dialog^="revoke-"]').click()
      await shoot('4-revoke')
      await page.locator('dialog[open] form button[type="submit"]').click()
      await page.locator('#tokens .empty').waitFor()
      await shoot('5-revoked')
      assert.deepEqual(faults, [])
    })
})
