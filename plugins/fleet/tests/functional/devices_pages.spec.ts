import { test } from '@japa/runner'
import type { MeterSample } from '#edge/protocol/meters'
import { makeMember } from '#tests/helpers'
import type Meter from '../../models/meter.js'
import { FakeCollector } from '../support/fake_collector.js'
import { allow, makeMeter, OWN, readingOf, rollUp } from '../support/meter_rows.js'

const BUCKET = 300_000

/** A site with a device of each kind; the container and the PDU say something. */
async function site() {
  const collector = await FakeCollector.enrolled()
  await allow(collector, '10.9.0.0/24')
  const make = (name: string, unit: number, more: object) =>
    makeMeter(collector, { name, unit, ...more })
  const devices = {
    meter: await make('Main feed', 1, {}),
    sensor: await make('Hall air', 2, { ...OWN.sensor, measures: 'room' }),
    container: await make('Box 7', 3, { ...OWN.container, measures: 'container' }),
    pdu: await make('Strip 4', 4, { ...OWN.pdu, measures: 'feed' }),
  }
  const { user } = await makeMember(collector.tenant, 'operator')
  return { collector, devices, user }
}

const COOL: Partial<MeterSample> = {
  supply_temp_c: 34.62,
  return_temp_c: 45.25,
  supply_pressure_bar: 2.3,
  flow_m3h: 88.5,
  pump_running: 1,
  alarms: ['leakage_fault'],
}

const say = (collector: FakeCollector, device: Meter, more: Partial<MeterSample>) =>
  collector.send([], { meters: [readingOf(device, more)] })

/** Headings of the columns of the table of a kind, and the cells of a row. */
const columnsOf = (html: string, kind: string) => {
  const table = html.match(new RegExp(`id="devices-${kind}-[\\s\\S]*?</table>`))?.[0] ?? ''
  return [...table.matchAll(/data-key="(\w+)"/g)].map(([, key]) => key)
}

test.group('The list of devices', () => {
  test('show of each kind what matters, and only what it says', async ({ client, assert }) => {
    const { collector, devices, user } = await site()
    await say(collector, devices.container, COOL)
    await say(collector, devices.pdu, { power_w: 12_340, outlets_on: 0 })
    const page = await client.get('/fleet/meters').loginAs(user)
    page.assertStatus(200)
    const html = page.text()
    const end = ['age', 'state', 'address']
    assert.deepEqual(columnsOf(html, 'meter'), ['name', 'measures', 'power', 'today', ...end])
    assert.deepEqual(columnsOf(html, 'sensor'), [
      ...['name', 'measures', 'temperature', 'humidity'],
      ...end,
    ])
    assert.deepEqual(columnsOf(html, 'container'), [
      ...['name', 'place', 'supply', 'return', 'pressure', 'flow', 'pump', 'power'],
      ...['alarms', ...end],
    ])
    assert.deepEqual(columnsOf(html, 'pdu'), [...['name', 'place', 'power', 'outlets', ...end]])
    for (const text of [
      '34.6 °C',
      '45.3 °C',
      '2.30 / — bar',
      '88.5 m³/h',
      'runs',
      '12.3 kW',
      'warns',
    ]) {
      page.assertTextIncludes(text)
    }
    const pdu = html.slice(html.indexOf('Strip 4'))
    assert.match(pdu, /<span class="fleet-nowrap">0<\/span>/)
  })

  test('show one kind when asked, and say when there is none', async ({ client, assert }) => {
    const { user } = await site()
    const page = await client.get('/fleet/meters?kind=container').loginAs(user)
    page.assertTextIncludes('Box 7')
    assert.notInclude(page.text(), 'Main feed')
    assert.notInclude(page.text(), 'Unaccounted')
    const unknown = await client.get('/fleet/meters?kind=spaceship').loginAs(user)
    unknown.assertTextIncludes('Main feed')
    const other = await FakeCollector.enrolled()
    const { user: owner } = await makeMember(other.tenant, 'mining_site_owner')
    const empty = await client.get('/fleet/meters?kind=pdu').loginAs(owner)
    empty.assertTextIncludes('No devices yet')
    assert.notInclude(empty.text(), 'Box 7')
  })

  test('call what is old missing', async ({ client, assert }) => {
    const { collector, devices, user } = await site()
    await say(collector, devices.container, { ...COOL, at: Date.now() - 3_600_000 })
    const page = await client.get('/fleet/meters?kind=container').loginAs(user)
    assert.notInclude(page.text(), '34.6 °C')
    assert.notMatch(page.text(), /pill-bad[^>]*>[\s\S]{0,80}>1</)
    page.assertTextIncludes('silent')
  })
})

test.group('The page of a device', () => {
  test('show only what a container can say, its alarms, and its coolant over time', async ({
    client,
    assert,
  }) => {
    const { collector, devices, user } = await site()
    const start = Date.now() - (Date.now() % BUCKET) - 3 * BUCKET
    await collector.send([], {
      meters: Array.from({ length: 20 }, (_, index) =>
        readingOf(devices.container, { ...COOL, at: start + index * 30_000 })
      ),
    })
    await rollUp(collector)
    await say(collector, devices.container, COOL)
    const url = `/fleet/meters/${devices.container.id}`
    const page = await client.get(url).loginAs(user)
    for (const text of ['34.6', '45.3', 'Coolant', 'Leak', 'Unverified on hardware', 'Box 7']) {
      page.assertTextIncludes(text)
    }
    for (const text of ['Voltage L1', 'Humidity', 'Ratio of the current', 'Energy today']) {
      assert.notInclude(page.text(), text)
    }
    const spec = JSON.parse(page.text().match(/data-chart-spec>(.*?)<\/script>/)![1]!)
    assert.deepEqual(
      spec.series.map(({ name }: { name: string }) => name),
      ['Supply temperature', 'Supply, hottest', 'Return temperature']
    )
    assert.deepEqual(
      spec.events.map(({ label, from }: { label: string; from: number }) => [label, from]),
      [['Leak', start]]
    )
    const chinese = await client.get(url).loginAs(user).withSession({ locale: 'zh' })
    chinese.assertTextIncludes('漏液')
    assert.notMatch(chinese.text(), /fleet_(meters|devices)\./)
  })

  test('tell no alarms from alarms that nobody heard', async ({ client, assert }) => {
    const { collector, devices, user } = await site()
    const show = async (name: 'container' | 'pdu') =>
      (await client.get(`/fleet/meters/${devices[name].id}`).loginAs(user)).text()
    await say(collector, devices.container, { ...COOL, alarms: [] })
    assert.include(await show('container'), 'It says that nothing is wrong.')
    await say(collector, devices.pdu, { power_w: 1, alarms: null })
    assert.notInclude(await show('pdu'), 'Alarms')
  })

  test('name the document of a map, and its kind', async ({ client }) => {
    const { devices, user } = await site()
    const page = await client.get(`/fleet/meters/${devices.meter.id}`).loginAs(user)
    page.assertTextIncludes('ABB 2CMC48001M0201 rev. C')
    page.assertTextIncludes('Meter · The whole site')
    page.assertTextIncludes('Voltage L1')
  })
})
