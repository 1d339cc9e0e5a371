import { test } from '@japa/runner'
import { asSystem, makeMember } from '#tests/helpers'
import { FakeCollector, machineNo } from '../support/fake_collector.js'
import { makeZone, placeMiner } from '../support/fleet_rows.js'
import { allow, makeMeter, OWN, readingOf, WISH } from '../support/meter_rows.js'

/** A zone with a miner in rack B2, a container, a PDU of that rack and one of another. */
async function site() {
  const collector = await FakeCollector.enrolled()
  await allow(collector, '10.9.0.0/24')
  const zoneId = await asSystem(collector.tenant, () => makeZone(collector.siteId, 'Hall A'))
  const make = (name: string, unit: number, more: object) =>
    makeMeter(collector, { name, unit, zoneId, ...more })
  const box = await make('Box 7', 1, { ...OWN.container, measures: 'container' })
  const strip = await make('Strip B2', 2, { ...OWN.pdu, measures: 'feed', rack: 'B2' })
  const other = await make('Strip Z9', 3, { ...OWN.pdu, measures: 'feed', rack: 'Z9' })
  await make('Air of the hall', 4, OWN.sensor)
  await make('Meter of the hall', 5, { measures: 'zone' })
  await collector.found([machineNo(1)])
  await asSystem(collector.tenant, () => placeMiner(1, zoneId, 'B2'))
  return { collector, zoneId, box, strip, other }
}

const operator = async ({ tenant }: FakeCollector) => (await makeMember(tenant, 'operator')).user

const cards = (html: string) =>
  [...html.matchAll(/fleet-device"[\s\S]*?href="\/fleet\/meters\/[^"]+">([^<]+)</g)].map(
    ([, name]) => name
  )

test.group('Devices on the map', () => {
  test('stand above the racks, PDUs at the head of theirs; what is missing is missing', async ({
    client,
    assert,
  }) => {
    const { collector, box, strip, zoneId } = await site()
    await collector.send([], {
      meters: [
        readingOf(box, { supply_temp_c: 34.6, alarms: ['leakage_fault', 'odd_code'] }),
        readingOf(strip, { power_w: 12_340, outlets_on: 18 }),
      ],
    })
    const user = await operator(collector)
    const map = `/fleet/map?zone=${zoneId}`
    for (const address of [map, `${map}&arrange=1`, `${map}&look=state`]) {
      const page = await client.get(address).loginAs(user)
      page.assertStatus(200)
      const html = page.text()
      assert.deepEqual(cards(html), ['Box 7', 'Strip Z9'], address)
      assert.include(html, '34.6 °C → —')
      assert.include(html, 'title="Leak, odd_code"')
      const rack = html.slice(html.indexOf('aria-label="Rack B2"'))
      for (const text of ['Strip B2', '12.3 kW', '18']) assert.include(rack, text)
      assert.isBelow(html.indexOf('Strip Z9'), html.indexOf('aria-label="Rack B2"'))
      for (const name of ['Air of the hall', 'Meter of the hall']) assert.notInclude(html, name)
      assert.include(html, 'It has not answered yet')
    }
    const elsewhere = await client.get('/fleet/map?zone=none').loginAs(user)
    assert.deepEqual(cards(elsewhere.text()), [])
  })

  test('are shown as silent when they are old, with the time of their last word', async ({
    client,
    assert,
  }) => {
    const { collector, box, zoneId } = await site()
    const at = Date.now() - 3_600_000
    await collector.send([], {
      meters: [readingOf(box, { at, supply_temp_c: 34.6, alarms: ['leakage_fault'] })],
    })
    const page = await client.get(`/fleet/map?zone=${zoneId}`).loginAs(await operator(collector))
    const card = page.text().match(/aria-label="Container Box 7"[\s\S]*?<\/section>/)![0]
    assert.include(card, '— → —')
    assert.include(card, 'source-old')
    assert.include(card, 'It has not answered lately')
    assert.notInclude(card, 'Leak')
    assert.include(card, new Date(at).toISOString().slice(0, 16))
  })

  test('are tied to a rack in their form, and told apart by it', async ({ client, assert }) => {
    const { collector, strip, zoneId } = await site()
    const { user } = await makeMember(collector.tenant, 'mining_site_owner')
    const url = `/fleet/meters/${strip.id}`
    const post = (rack: string) =>
      client
        .post(url)
        .header('referer', `http://127.0.0.1:${process.env.PORT}${url}/edit`)
        .form({ ...WISH, ...OWN.pdu, name: 'Strip B2', unit: 2, measures: 'feed', zoneId, rack })
        .loginAs(user)
        .withCsrfToken()
    const racks = async () => (await collector.rows('fleet_meters', { id: strip.id }))[0].rack
    const form = await client.get(`${url}/edit`).loginAs(user)
    assert.match(form.text(), /name="rack"[^>]*value="B2"/)
    const long = await post('x'.repeat(41))
    long.assertTextIncludes('Rack')
    assert.match(long.text(), /field-invalid[\s\S]{0,400}name="rack"/)
    assert.equal(await racks(), 'B2')
    await post('')
    assert.isNull(await racks())
    const map = await client.get(`/fleet/map?zone=${zoneId}`).loginAs(user)
    assert.includeMembers(cards(map.text()), ['Strip B2'])
    const changes = (await collector.rows('audit_events')).filter(
      ({ name }) => name === 'fleet.meter.changed'
    )
    assert.deepEqual(changes[0].payload.changes.rack, ['B2', null])
  })
})
