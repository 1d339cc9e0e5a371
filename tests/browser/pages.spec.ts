import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import router from '@adonisjs/core/services/router'
import { test } from '@japa/runner'
import type { BrowserContext, Page } from 'playwright'
import type { TenantRole } from '#core/roles'
import type User from '#models/user'
import { makeMember, makeTenant, makeUser } from '#tests/helpers'
import { sessionCookie } from '#tests/session_client'
import { inParallel } from '#tests/support/actors'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SERIOUS = ['serious', 'critical']
const ORIGIN = `http://127.0.0.1:${process.env.PORT}`
const LOOKS = [
  { locale: 'en', width: 1440, height: 900 },
  { locale: 'zh', width: 390, height: 844 },
]

/** Answers no page: data, files, and what changes the language on the way. */
const NO_PAGES = /^\/(api|health|language|edge)\b|\.(csv|json|xml|xlsx)$|openapi/

/** Every address without a parameter that the router knows. */
const addresses = () =>
  Object.values(router.toJSON())
    .flat()
    .filter(({ methods, pattern }) => methods.includes('GET') && !/[:*]/.test(pattern))
    .map(({ pattern }) => pattern)
    .filter((pattern) => !NO_PAGES.test(pattern))

async function peopleOf() {
  const tenant = await makeTenant('Aurora Mining')
  const member = async (role: TenantRole) => (await makeMember(tenant, role)).user
  return {
    guest: null,
    mining_site_owner: await member('mining_site_owner'),
    operator: await member('operator'),
    client: await member('client'),
    owner: await makeUser({ platformRole: 'owner' }),
  } satisfies Record<string, User | null>
}

interface Findings {
  page: string
  console: string[]
  axe: string[]
}

/** What the browser complains about while a page is open: console, content policy, accessibility. */
async function inspect(page: Page, address: string): Promise<Findings> {
  const heard: string[] = []
  const onConsole = (message: { type(): string; text(): string }) =>
    ['error', 'warning'].includes(message.type()) && heard.push(message.text())
  const onError = (error: Error) => heard.push(error.message)
  page.on('console', onConsole)
  page.on('pageerror', onError)
  const response = await page.goto(address)
  // Fragments are parts of pages; those pages are opened too.
  const isPage = response?.ok() && (await response.text()).includes('<html')
  const waits = '[data-chart], [hx-trigger*=load], [hx-trigger*=revealed]'
  if (await page.locator(waits).count()) await page.waitForLoadState('networkidle')
  const found = isPage ? await accessibility(page) : []
  page.off('console', onConsole)
  page.off('pageerror', onError)
  return { page: address, console: isPage ? heard : [], axe: found }
}

async function accessibility(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const violations = await page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: { run(): Promise<any> } }
    const result = await runner.run()
    return result.violations.map((one: any) => ({
      impact: one.impact as string,
      text: `${one.id}: ${one.nodes[0]?.html}`,
    })) as { impact: string; text: string }[]
  })
  return violations.filter(({ impact }) => SERIOUS.includes(impact)).map(({ text }) => text)
}

interface Sizes {
  scrollWidth: number
  clientWidth: number
}

const hasSideways = (page: Page) =>
  page.evaluate(() => {
    const { documentElement: root } = (
      globalThis as unknown as { document: { documentElement: Sizes } }
    ).document
    return root.scrollWidth > root.clientWidth + 1
  })

test.group('Every page', () => {
  test('is accessible, fits its screen and leaves the console silent, for each role')
    .with(LOOKS)
    .run(async ({ assert, browser, browserContext }, { locale, width, height }) => {
      await browserContext.close()
      const complaints: string[] = []
      let opened = 0
      // Two at once: the browser has cores of its own.
      await inParallel(Object.entries(await peopleOf()), 2, async ([role, user]) => {
        const context = await browser.newContext({ viewport: { width, height }, baseURL: ORIGIN })
        await signIn(context, user, locale)
        const page = await context.newPage()
        for (const address of addresses()) {
          const found = await inspect(page, address)
          opened++
          for (const text of [...found.console, ...found.axe]) {
            complaints.push(`${role} ${locale} ${address}: ${text}`)
          }
          if (await hasSideways(page)) complaints.push(`${role} ${locale} ${address}: too wide`)
          for (const text of await page.getByText(/translation missing/i).allInnerTexts()) {
            complaints.push(`${role} ${locale} ${address}: ${text}`)
          }
        }
        await context.close()
      })
      assert.isAbove(opened, 40)
      assert.deepEqual(complaints, [])
    })
    .timeout(900_000)
})

async function signIn(context: BrowserContext, user: User | null, locale: string) {
  const url = ORIGIN
  if (user) {
    const { name, value } = await sessionCookie(user, { locale })
    await context.addCookies([{ name, value, url }])
  } else {
    const page = await context.newPage()
    await page.goto(`${url}/language/${locale}`)
    await page.close()
  }
}
