import { test } from '@japa/runner'
import { asSystem, makeCustomer, makeMember } from '#tests/helpers'
import { type Look, pageFor, troublesAt } from '#tests/support/browser'
import { FakeCollector, machineNo } from '../support/fake_collector.js'
import { makeZone, placeMiner } from '../support/fleet_rows.js'
import { allow, makeMeter, OWN, readingOf, rollUp } from '../support/meter_rows.js'

const EVIL = '<img src=x onerror="document.title=1">'
const BUCKET = 300_000
const LOOKS: Look[] = [
  { locale: 'en', width: 1440, height: 900 },
  { locale: 'zh', width: 390, height: 844 },
]

/** A device of each kind with an hour behind it, hostile words, and alarms known and unknown. */
async function site() {
  const collector = await FakeCollector.enrolled()
  await allow(collector, '10.9.0.0/24')
  const zoneId = await asSystem(collector.tenant, () => makeZone(collector.siteId, 'Hall A'))
  const make = (unit: number, more: object) => makeMeter(collector, { unit, zoneId, ...more })
  const meter = await make(1, { name: 'Main feed' })
  const sensor = await make(2, { name: 'Hall air', ...OWN.sensor })
  const box = await make(3, { name: EVIL, ...OWN.container, measures: 'container' })
  const pdu = await make(4, { name: 'Strip', ...OWN.pdu, measures: 'feed', rack: 'B2' })
  const loose = await make(5, { name: 'Strip with a long name of the east wing', ...OWN.pdu })
  await collector.found([machineNo(1)])
  await asSystem(collector.tenant, () => placeMiner(1, zoneId, 'B2'))
  const start = Date.now() - (Date.now() % BUCKET) - 12 * BUCKET
  const times = Array.from({ length: 110 }, (_, index) => start + index * 30_000)
  await collector.send([], {
    meters: times.flatMap((at, index) => [
      readingOf(meter, { at, power_w: 2_400_000, energy_import_wh: 9_000_000 + 20_000 * index }),
      readingOf(box, {
        at,
        supply_temp_c: 34 + Math.sin(index / 9),
        return_temp_c: 45,
        flow_m3h: 88,
        pump_running: 1,
        power_w: 1_100_000,
        alarms: index > 60 ? ['leakage_fault', 'warp_core_breach'] : ['fan1_fault'],
      }),
    ]),
  })
  await rollUp(collector)
  await collector.send([], {
    meters: [
      readingOf(meter, { power_w: 2_400_000, energy_import_wh: 11_400_000 }),
      readingOf(sensor, { temperature_c: 24.4, humidity_pct: 41 }),
      readingOf(box, { supply_temp_c: 34, pump_running: 1, alarms: ['leakage_fault'] }),
      readingOf(pdu, { power_w: 21_400, outlets_on: 18 }),
      readingOf(loose, { outcome: 'partial', trouble: EVIL, outlets_on: 0 }),
    ],
  })
  return { collector, zoneId, meter, sensor, box, pdu, loose }
}

test.group('The pages of devices in the browser', () => {
  test('stand without a complaint, whatever devices say')
    .with(LOOKS)
    .run(async ({ assert, browser, browserContext }, look) => {
      await browserContext.close()
      const { collector, zoneId, ...devices } = await site()
      const { user } = await makeMember(collector.tenant, 'mining_site_owner')
      const opened = await pageFor(browser, user, look)
      const pages = Object.values(devices).map(({ id }) => `/fleet/meters/${id}`)
      const addresses = [
        ...['/fleet/meters', '/fleet/meters?kind=container', '/fleet/meters/create', '/fleet'],
        ...[...pages, `${pages[2]}/edit`, `${pages[2]}?range=7d`],
        ...[`/fleet/map?zone=${zoneId}`, `/fleet/map?zone=${zoneId}&arrange=1`],
      ]
      for (const address of addresses) {
        assert.deepEqual(await troublesAt(address, opened), [address])
      }
      await opened.context.close()
    })
    .timeout(180_000)

  test('fill in what a device of the chosen map measures, but not over somebody’s words', async ({
    assert,
    browser,
    browserContext,
  }) => {
    await browserContext.close()
    const { collector, pdu } = await site()
    const { user } = await makeMember(collector.tenant, 'mining_site_owner')
    const { context, page, heard } = await pageFor(browser, user, LOOKS[0]!)
    await page.goto('/fleet/meters/create')
    const map = page.locator('[name=map]')
    const measures = page.locator('[name=measures]')
    const registers = page.locator('[name=registers]')
    assert.equal(await measures.inputValue(), 'site')
    assert.isFalse(await registers.isVisible())
    await map.selectOption('comet_t')
    assert.equal(await measures.inputValue(), 'room')
    await map.selectOption('generic')
    assert.isTrue(await registers.isVisible())
    await measures.selectOption('feed')
    await map.selectOption('abb_eq')
    assert.equal(await measures.inputValue(), 'feed')
    assert.isFalse(await registers.isVisible())
    await page.goto(`/fleet/meters/${pdu.id}/edit`)
    assert.isTrue(await registers.isVisible())
    await map.selectOption('comet_t')
    assert.equal(await measures.inputValue(), 'feed')
    assert.deepEqual(heard, [])
    await context.close()
  }).timeout(60_000)

  test('are not there for customers, nor those of others, nor to change without the right', async ({
    assert,
    browser,
    browserContext,
  }) => {
    await browserContext.close()
    const { collector, box, zoneId } = await site()
    const customerId = await asSystem(collector.tenant, () => makeCustomer())
    const { user: customer } = await makeMember(collector.tenant, 'client', { customerId })
    const { user: operator } = await makeMember(collector.tenant, 'operator')
    const stranger = await FakeCollector.enrolled()
    const { user: foreign } = await makeMember(stranger.tenant, 'mining_site_owner')
    const url = `/fleet/meters/${box.id}`
    const asked: [user: typeof customer, address: string, status: number][] = [
      [customer, '/fleet/meters', 403],
      [customer, url, 403],
      [customer, `/fleet/map?zone=${zoneId}`, 403],
      [operator, url, 200],
      [operator, `${url}/edit`, 403],
      [operator, '/fleet/meters/create', 403],
      [foreign, url, 404],
      [foreign, `${url}/edit`, 404],
    ]
    for (const [user, address, status] of asked) {
      const { context, page } = await pageFor(browser, user, LOOKS[0]!)
      const response = await page.goto(address)
      assert.equal(response?.status(), status, address)
      await context.close()
    }
    const { context, page } = await pageFor(browser, customer, LOOKS[0]!)
    await page.goto('/fleet')
    assert.equal(await page.locator('a[href^="/fleet/meters"]').count(), 0)
    await context.close()
  }).timeout(60_000)
})
