import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'
import { complaintsOf, LOOKS, pageFor } from '#tests/support/browser'

/** Everything that the page can show at once: both books, luck, a band of downtime, never paid back. */
const WHOLE = {
  count: '1000',
  hashrateThs: '200',
  powerW: '3550',
  usdPerKwh: '0.05',
  poolFeePct: '2.5',
  btcUsd: '100000',
  difficulty: '119.12 T',
  networkHashrateThs: '900000000',
  capexUsdPerMiner: '3200',
  startHeight: '919000',
  difficultyGrowthPctPerMonth: '2',
  hosting: 'profit_share',
  hostingSharePct: '20',
  poolScheme: 'pplns',
  poolSharePct: '5',
  plannedDowntimePct: '1',
  unplannedDowntimeLowPct: '1',
  unplannedDowntimeMidPct: '3',
  unplannedDowntimeHighPct: '8',
  shutdownWhenNegative: 'true',
}

test.group('The calculator in a browser', () => {
  test('is accessible, fits its screen and leaves the console silent with everything on it')
    .with([...LOOKS])
    .run(async ({ browser, browserContext, assert }, look) => {
      await browserContext.close()
      const { user } = await makeMember(await makeTenant(), 'operator')
      const { context, page } = await pageFor(browser, user, look)
      const wrong: string[] = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) wrong.push(message.text())
      })
      page.on('pageerror', (error) => wrong.push(error.message))
      await page.goto(`/calculator?${new URLSearchParams(WHOLE)}`)
      for (const id of ['heat', 'tornado', 'balance']) {
        await page.locator(`#${id}`).scrollIntoViewIfNeeded()
      }
      await page.locator('#balance [data-drawn]').waitFor()
      wrong.push(...(await complaintsOf(page)))
      assert.deepEqual(wrong, [])
      await context.close()
    })

  test('answers while somebody types: figures, charts and the heat map follow', async ({
    browser,
    browserContext,
    assert,
  }) => {
    await browserContext.close()
    const { user } = await makeMember(await makeTenant(), 'operator')
    const { context, page } = await pageFor(browser, user, LOOKS[0])
    await page.goto(`/calculator?${new URLSearchParams(WHOLE)}`)
    await page.locator('#balance [data-drawn]').waitFor()
    const axisOf = () => page.locator('#balance .apexcharts-yaxis-label').allTextContents()
    const before = { npv: await page.locator('#npv').textContent(), axis: await axisOf() }
    await page.locator('#section-network > summary').click()
    await page.locator('#f-count').fill('9000')
    await page.waitForURL(/count=9000/)
    await page.locator('#profit [data-count]', { hasText: '$54,278' }).waitFor()
    assert.notEqual(await page.locator('#npv').textContent(), before.npv)
    await page.waitForFunction(
      `[...document.querySelectorAll('#balance .apexcharts-yaxis-label')].map((n) => n.textContent).join() !== ${JSON.stringify(before.axis.join())}`
    )
    // What somebody opened or closed stays so.
    assert.isFalse(
      await page.locator('#section-network').evaluate((node) => 'open' in node && node.open)
    )
    await context.close()
  })
})
