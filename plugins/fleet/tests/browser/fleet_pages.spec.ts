import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, makeCustomer, makeMember, makeTenant } from '#tests/helpers'
import { complaintsOf, type Look, pageFor, troublesAt } from '#tests/support/browser'
import { FakeCollector, machineNo, sampleOf } from '../support/fake_collector.js'
import {
  makeAlarm,
  makeChange,
  makeFleet,
  makeFound,
  rowsIn,
  type TestFleet,
} from '../support/fleet_rows.js'

const EVIL = '<img src=x onerror="document.title=1">'

const detail = {
  hashboards: [0, 1, 2].map((slot) => ({
    slot,
    present: slot < 2,
    active: true,
    hashrate_ths: 36.5,
    chips_working: 114,
    chips_expected: 114,
  })),
  fans: [{ slot: 0, rpm: 0 }],
  pools: [{ index: 0, url: EVIL, user: EVIL, active: true, alive: true }],
  errors: [{ code: EVIL, message: EVIL, severity: 'error', component: EVIL, at: null }],
  capabilities: ['reboot'],
}

const set = (fleet: TestFleet, table: string, where: object, values: object) =>
  asSystem(fleet.tenant, () =>
    current
      .get()
      .client.from(table)
      .where(where as Record<string, string>)
      .update(values)
  )

/** A fleet in which there is something on every page, and hostile words in all of it. */
async function richFleet() {
  const fleet = await makeFleet(4)
  const placed = { zone_id: fleet.zoneId, rack: 'B2', shelf: 1 }
  const facts = { no: 1, was: EVIL, became: EVIL }
  await set(fleet, 'fleet_miners', { no: 1 }, { ...placed, position: 1, name: EVIL, detail })
  await set(fleet, 'fleet_miners', { no: 2 }, { ...placed, position: 3, evidence: 'none' })
  await set(fleet, 'fleet_telemetry_live', { miner_no: 2 }, { hashrate_ths: 40, pool_url: EVIL })
  await set(fleet, 'fleet_telemetry_live', { miner_no: 3 }, { connectivity: 'offline' })
  await asSystem(fleet.tenant, async () => {
    await makeAlarm(fleet.siteId, { miner_id: fleet.miners[0], facts: JSON.stringify(facts) })
    await makeChange(3, 'online', 'offline')
    await makeFound(fleet.siteId, fleet.collectorId, { model: EVIL, hostname: EVIL })
  })
  return fleet
}

const LOOKS: Look[] = [
  { locale: 'en', width: 1440, height: 900 },
  { locale: 'zh', width: 390, height: 844 },
]

test.group('The pages of the fleet in the browser', () => {
  test('stand without a complaint, whatever miners say of themselves')
    .with(LOOKS)
    .run(async ({ assert, browser, browserContext }, look) => {
      await browserContext.close()
      const fleet = await richFleet()
      const { user } = await makeMember(fleet.tenant, 'mining_site_owner')
      const opened = await pageFor(browser, user, look)
      const miner = `/fleet/miners/${fleet.miners[0]}`
      const addresses = [
        ...['/fleet', '/fleet/miners', miner, `${miner}/edit`, `${miner}/label`, '/fleet/map'],
        ...['/fleet/map?arrange=1&look=state', '/fleet/collectors', '/fleet/collectors/create'],
        ...[
          `/fleet/collectors/${fleet.collectorId}`,
          `/fleet/collectors/${fleet.collectorId}/edit`,
        ],
        ...['/fleet/discovery', '/fleet/pools', '/fleet/storage', '/fleet/miners?status=retired'],
      ]
      for (const address of addresses) {
        assert.deepEqual(await troublesAt(address, opened), [address])
      }
      await opened.context.close()
    })
    .timeout(180_000)

  test('stand empty, before the first collector')
    .with(LOOKS)
    .run(async ({ assert, browser, browserContext }, look) => {
      await browserContext.close()
      const { user } = await makeMember(await makeTenant(), 'mining_site_owner')
      const { context, page, heard } = await pageFor(browser, user, look)
      const rooms = ['', '/miners', '/map', '/pools', '/collectors', '/discovery', '/storage']
      for (const room of [...rooms, '/collectors/create', '/summary', '/now']) {
        await page.goto(`/fleet${room}`)
        await page.waitForLoadState('networkidle')
        const isPart = ['/summary', '/now'].includes(room)
        const found = isPart ? [] : [...(await complaintsOf(page)), ...heard]
        assert.deepEqual([room, ...found], [room])
      }
      await context.close()
    })
    .timeout(60_000)

  test('stand for clients with their own miners')
    .with(LOOKS)
    .run(async ({ assert, browser, browserContext }, look) => {
      await browserContext.close()
      const fleet = await richFleet()
      const customerId = await asSystem(fleet.tenant, () => makeCustomer())
      await set(fleet, 'fleet_miners', { no: 2 }, { customer_id: customerId })
      await set(fleet, 'fleet_telemetry_live', { miner_no: 2 }, { customer_id: customerId })
      const { user } = await makeMember(fleet.tenant, 'client', { customerId })
      const opened = await pageFor(browser, user, look)
      for (const address of ['/fleet', '/fleet/miners', `/fleet/miners/${fleet.miners[1]}`, '/']) {
        assert.deepEqual(await troublesAt(address, opened), [address])
      }
      await opened.context.close()
    })
    .timeout(60_000)

  test('keep themselves up to date without taking the focus, and rest while hidden', async ({
    assert,
    browser,
    browserContext,
  }) => {
    await browserContext.close()
    const fleet = await richFleet()
    const { user } = await makeMember(fleet.tenant, 'operator')
    const { context, page, heard } = await pageFor(browser, user, LOOKS[0]!)
    await page.goto('/fleet')
    await page.locator('#fleet-hashrate').waitFor()
    const refresh = () => page.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    await page.locator('.fleet-states a').first().focus()
    const focused = () => page.evaluate('document.activeElement.getAttribute("href")')
    const before = await focused()
    await page.evaluate('scrollTo(0, 200)')
    const scrolled = await page.evaluate('scrollY')
    await set(fleet, 'fleet_telemetry_live', { miner_no: 1 }, { hashrate_ths: 210 })
    const answered = page.waitForResponse((response) => response.url().endsWith('/fleet/now'))
    await refresh()
    await answered
    // By hand: 210 + 40 + 110; the third does not answer.
    await page.locator('#fleet-hashrate').getByText('360').waitFor()
    assert.equal(await focused(), before)
    assert.equal(await page.evaluate('scrollY'), scrolled)
    await set(fleet, 'fleet_telemetry_live', { miner_no: 4 }, { hashrate_ths: 20 })
    await refresh()
    await page.locator('#fleet-lists').getByText('18.2').waitFor()
    assert.equal(await page.locator('#fleet-lists').count(), 1)

    await page.evaluate('Object.defineProperty(document, "hidden", { value: true })')
    let asked = 0
    page.on('request', () => (asked += 1))
    await refresh()
    await page.evaluate('new Promise((done) => requestAnimationFrame(done))')
    assert.equal(asked, 0)
    assert.deepEqual(heard, [])
    await context.close()
  }).timeout(60_000)

  test('show what a collector sends, without anybody asking', async ({
    assert,
    browser,
    browserContext,
  }) => {
    await browserContext.close()
    const collector = await FakeCollector.enrolled()
    await collector.found([machineNo(1)])
    await collector.send([sampleOf(1, { hashrate_ths: 101 })])
    const { user } = await makeMember(collector.tenant, 'operator')
    const { context, page, heard } = await pageFor(browser, user, LOOKS[0]!)
    await page.goto('/fleet')
    await page.locator('#fleet-hashrate').getByText('101').waitFor()
    await page.locator('[data-live-sign=on]').getByText('live').waitFor()
    await collector.send([sampleOf(1, { hashrate_ths: 117 })])
    // Long before the page would ask by itself.
    await page.locator('#fleet-hashrate').getByText('117').waitFor({ timeout: 8000 })
    assert.deepEqual(heard, [])
    await context.close()
  }).timeout(60_000)

  test('let somebody place a miner, by a dialog and by dragging', async ({
    assert,
    browser,
    browserContext,
  }) => {
    await browserContext.close()
    const fleet = await richFleet()
    const { user } = await makeMember(fleet.tenant, 'operator')
    const { context, page, heard } = await pageFor(browser, user, LOOKS[0]!)
    const placeOf = async (no: number) => {
      const [row] = await rowsIn(fleet.tenant, 'fleet_miners', { no })
      return [row.rack, row.shelf, row.position]
    }
    await page.goto('/fleet/map?arrange=1')
    await page.locator('[data-miner]', { hasText: '#3' }).click()
    await page.locator('#place-rack').fill('B2')
    await page.locator('#place-shelf').fill('1')
    await page.locator('#place-position').fill('2')
    await page.locator('#place-zone').selectOption(fleet.zoneId)
    await page.locator('#place-form [type=submit]').click()
    await page.locator('.fleet-rack [data-miner]', { hasText: '#3' }).waitFor()
    assert.deepEqual(await placeOf(3), ['B2', 1, 2])
    const slot = page.locator('.fleet-rack [data-slot]').first()
    await page.locator('[data-miner]', { hasText: '#4' }).dragTo(slot)
    await page.locator('.fleet-rack [data-miner]', { hasText: '#4' }).waitFor()
    assert.deepEqual(await placeOf(4), ['B2', 1, 4])
    assert.deepEqual(heard, [])
    await context.close()
  }).timeout(60_000)

  test('change many miners at once from the list', async ({ assert, browser, browserContext }) => {
    await browserContext.close()
    const fleet = await richFleet()
    const { user } = await makeMember(fleet.tenant, 'operator')
    const { context, page } = await pageFor(browser, user, LOOKS[1]!)
    await page.goto('/fleet/miners?model=S19+Pro')
    await page.locator('tbody .tick').nth(2).check()
    await page.locator('tbody .tick').nth(3).check()
    await page.locator('#fleet-bulk [value=maintenance]').click()
    await page.locator('#flash').getByText('2').first().waitFor()
    assert.include(page.url(), 'model=S19+Pro')
    const rows = await rowsIn(fleet.tenant, 'fleet_miners', { status: 'maintenance' })
    assert.lengthOf(rows, 2)
    await page.goto('/fleet/discovery?state=new')
    await page.locator('tbody .tick').first().check()
    await page.locator('#fleet-found [formaction*=dismissals]').click()
    await page.locator('#table-fleet-found .empty').waitFor()
    assert.include(page.url(), 'state=new')
    const [found] = await rowsIn(fleet.tenant, 'fleet_found')
    assert.equal(found.state, 'ignored')
    await context.close()
  }).timeout(60_000)
})
