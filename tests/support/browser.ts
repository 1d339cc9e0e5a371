import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright'
import type User from '#models/user'
import { sessionCookie } from '#tests/session_client'

export const ORIGIN = `http://127.0.0.1:${process.env.PORT}`

export const LOOKS = [
  { locale: 'en', width: 1440, height: 900 },
  { locale: 'zh', width: 1440, height: 900 },
  { locale: 'en', width: 390, height: 844 },
  { locale: 'zh', width: 390, height: 844 },
] as const

export interface Look {
  locale: string
  width: number
  height: number
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A page of this person, or of a guest, in this language and width. */
export async function pageFor(browser: Browser, user: User | null, look: Look) {
  const { locale, width, height } = look
  const context = await browser.newContext({ viewport: { width, height }, baseURL: ORIGIN })
  if (user) {
    const { name, value } = await sessionCookie(user, { locale })
    await context.addCookies([{ name, value, url: ORIGIN }])
  } else {
    const page = await context.newPage()
    await page.goto(`/language/${locale}`)
    await page.close()
  }
  const page = await context.newPage()
  /** Errors and warnings of the console, and what was thrown. */
  const heard: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) heard.push(message.text())
  })
  page.on('pageerror', (error) => heard.push(error.message))
  return { context, page, heard }
}

/**
 * What is wrong with the page that is open: serious findings of axe, a page wider than its screen,
 * and texts that nobody wrote.
 */
export async function complaintsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { axe: runner, document } = globalThis as unknown as {
      axe: { run(): Promise<any> }
      document: {
        documentElement: { scrollWidth: number; clientWidth: number }
        body: { innerText: string }
      }
    }
    const { violations } = await runner.run()
    const root = document.documentElement
    const isWide = root.scrollWidth > root.clientWidth + 1
    return [
      ...violations
        .filter(({ impact }: any) => impact === 'serious' || impact === 'critical')
        .map((one: any) => `${one.id}: ${one.nodes[0]?.html}`),
      ...(isWide ? [`too wide: ${root.scrollWidth}`] : []),
      ...(document.body.innerText.match(/translation missing[^\n]*/gi) ?? []),
    ] as string[]
  })
  return found
}

type Opened = Pick<Awaited<ReturnType<typeof pageFor>>, 'page' | 'heard'>

/** Opens an address; gives it with everything that is wrong there, and alone when nothing is. */
export async function troublesAt(address: string, { page, heard }: Opened): Promise<string[]> {
  const response = await page.goto(address)
  await page.waitForLoadState('networkidle')
  const status = response?.status() ?? 0
  return [
    address,
    ...(status === 200 ? [] : [`status ${status}`]),
    // Hostile words of the tests try to become scripts, which would set the title to this.
    ...((await page.title()) === '1' ? ['a script of somebody else ran'] : []),
    ...(await complaintsOf(page)),
    ...heard,
  ]
}
