import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from '@japa/runner'
import type { Browser, Page } from 'playwright'
import {
  emptyMarket,
  importSharedData,
  sharedDataIsAbsent,
  storeLiveRows,
} from '../support/market_rows.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ORIGIN = `http://127.0.0.1:${process.env.PORT}`
const SHOTS = process.env.MARKET_SHOTS

const PAGES = [
  { name: 'overview', path: '/market?range=1y' },
  { name: 'overview-all-log', path: '/market?range=all&scale=log' },
  { name: 'overview-week', path: '/market?range=7d' },
  { name: 'epochs', path: '/market/epochs' },
  { name: 'series', path: '/market/series' },
]
/** With imported data only the last week is empty. */
const OLD_PAGES = [{ name: 'week', path: '/market?range=7d' }]
const LOOKS = [
  { locale: 'en', width: 1440, height: 900 },
  { locale: 'zh', width: 1440, height: 900 },
  { locale: 'en', width: 390, height: 844 },
  { locale: 'zh', width: 390, height: 844 },
]

interface Root {
  scrollWidth: number
  clientWidth: number
}

const isTooWide = (page: Page) =>
  page.evaluate(() => {
    const { documentElement: root } = (
      globalThis as unknown as { document: { documentElement: Root } }
    ).document
    return root.scrollWidth > root.clientWidth + 1
  })

async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: { run(): Promise<any> } }
    const { violations } = await runner.run()
    return violations
      .filter(({ impact }: any) => ['serious', 'critical'].includes(impact))
      .map(({ id, nodes }: any) => `${id}: ${nodes[0]?.html}`) as string[]
  })
}

interface Visit {
  browser: Browser
  pages: typeof PAGES
  shotPrefix: string
}

/** Opens the pages in every look; answers what the browser and axe complain about. */
async function openPages({ browser, pages, shotPrefix }: Visit): Promise<string[]> {
  const complaints: string[] = []
  for (const { locale, width, height } of LOOKS) {
    const context = await browser.newContext({ viewport: { width, height }, baseURL: ORIGIN })
    const page = await context.newPage()
    const hear = (text: string) => complaints.push(`${locale} ${width} ${page.url()}: ${text}`)
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) hear(message.text())
    })
    page.on('pageerror', (error) => hear(error.message))
    await page.goto(`/language/${locale}`)
    for (const { name, path } of pages) {
      await page.goto(path)
      await drawCharts(page)
      for (const fault of await seriousFaults(page)) hear(fault)
      if (await isTooWide(page)) hear('too wide')
      if (SHOTS) await shoot(page, `${shotPrefix}${name}-${locale}-${width}`)
    }
    await context.close()
  }
  return complaints
}

/** Charts are drawn when they come near the screen. */
async function drawCharts(page: Page) {
  for (const chart of await page.locator('[data-chart]').all()) {
    await chart.scrollIntoViewIfNeeded()
    await chart.and(page.locator('[data-drawn]')).waitFor()
  }
}

async function shoot(page: Page, name: string) {
  await page.evaluate('scrollTo(0, 0)')
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true })
}

test.group('Pages of the market with a decade in them', (group) => {
  group.setup(emptyMarket)
  group.teardown(emptyMarket)

  test('draw every chart, fit their screen, are accessible and leave the console silent', async ({
    assert,
    browser,
    browserContext,
  }) => {
    await browserContext.close()
    const now = new Date()
    await importSharedData(now)
    const old = await openPages({ browser, pages: OLD_PAGES, shotPrefix: 'old-' })
    await storeLiveRows(now)
    const live = await openPages({ browser, pages: PAGES, shotPrefix: '' })
    assert.deepEqual([...old, ...live], [])
  })
    .timeout(300_000)
    .skip(sharedDataIsAbsent)
})
