import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, makeCustomer, makeMember } from '#tests/helpers'
import {
  makeAlarm,
  makeChange,
  makeFleet,
  makeLive,
  makeMiner,
  rowsIn,
  type TestFleet,
} from '../support/fleet_rows.js'

const operatorOf = async ({ tenant }: TestFleet) => (await makeMember(tenant, 'operator')).user

const setLive = (fleet: TestFleet, no: number, values: Record<string, unknown>) =>
  asSystem(fleet.tenant, () =>
    current.get().client.from('fleet_telemetry_live').where('miner_no', no).update(values)
  )

/** The text of a page without its tags. */
const said = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

test.group('The overview of the fleet', () => {
  test('add up what miners do now, and leave out what is not known', async ({ client, assert }) => {
    const fleet = await makeFleet(4)
    await setLive(fleet, 2, { hashrate_ths: 55 })
    await setLive(fleet, 3, { connectivity: 'offline' })
    await setLive(fleet, 4, { wattage_w: null, wattage_source: null })
    const page = await client.get('/fleet').loginAs(await operatorOf(fleet))
    page.assertStatus(200)
    const text = said(page.text())
    // By hand: 110 + 55 + 110 of 4 × 110 expected TH/s; 2 × 3,250 W; 6,500 W over 165 TH/s.
    assert.include(text, '275 TH/s')
    assert.include(text, '62.5 % of 440 TH/s expected')
    assert.include(text, '6.50 kW')
    assert.include(text, '39.4 J/TH')
    assert.include(text, 'wall 100 %, 1 miner does not say')
    assert.include(text, '75.0 %')
    assert.include(text, '3 of 4 miners are online')
  })

  test('say who keeps quiet of its power, though another one pauses and does not', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(3)
    await setLive(fleet, 1, { wattage_w: null, wattage_source: null })
    await setLive(fleet, 2, { connectivity: 'paused', hashrate_ths: 0, wattage_w: 150 })
    const page = await client.get('/fleet').loginAs(await operatorOf(fleet))
    const text = said(page.text())
    assert.include(text, '3.40 kW')
    assert.include(text, '1 miner does not say')
    // On purpose is no fault: the figure is that of the online, its mark that of who answers.
    assert.include(text, '66.7 %')
    const [tile] = /id="fleet-online"[\s\S]*?<\/div>\s*<\/div>/.exec(page.text()) ?? []
    assert.isDefined(tile)
    assert.notMatch(tile!, /class="[^"]*\b(bad|warn)\b/)
  })

  test('say why a figure is missing instead of zero', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    const user = await operatorOf(fleet)
    const empty = await client.get('/fleet').loginAs(user)
    empty.assertTextIncludes('No miners yet')
    await asSystem(fleet.tenant, () =>
      makeMiner({ no: 1, site_id: fleet.siteId, collector_id: fleet.collectorId })
    )
    const page = await client.get('/fleet').loginAs(user)
    assert.include(said(page.text()), '— no sample yet')
    assert.notInclude(said(page.text()), '0 TH/s')
  })

  test('count nobody as standing still of whom nothing is known', async ({ client, assert }) => {
    const fleet = await makeFleet(2)
    const user = await operatorOf(fleet)
    await setLive(fleet, 2, { connectivity: 'collector_down' })
    const half = said((await client.get('/fleet').loginAs(user)).text())
    assert.include(half, '100.0 % of 110 TH/s expected')
    assert.include(half, '1 collector down')
    await setLive(fleet, 1, { connectivity: 'collector_down' })
    const none = said((await client.get('/fleet').loginAs(user)).text())
    assert.include(none, '— no miner answers now')
    assert.notInclude(none, '0.0 %')
  })

  test('list the worst, the changes of the hour and the alarms', async ({ client, assert }) => {
    const fleet = await makeFleet(3)
    await setLive(fleet, 2, { hashrate_ths: 33 })
    await asSystem(fleet.tenant, async () => {
      await makeChange(3, 'online', 'offline')
      await makeChange(1, 'online', 'stale', new Date(Date.now() - 2 * 3_600_000))
      await makeAlarm(fleet.siteId, {
        miner_id: fleet.miners[0],
        facts: JSON.stringify({ no: 1, was: 'stratum+tcp://a.example', became: '<b>evil</b>' }),
      })
    })
    const page = await client.get('/fleet/now').loginAs(await operatorOf(fleet))
    page.assertStatus(200)
    const text = said(page.text())
    assert.match(text, /#2 30\.0/)
    assert.include(text, '1 change')
    assert.include(text, 'Pool changed')
    assert.include(page.text(), '&lt;b&gt;evil&lt;/b&gt;')
    assert.include(page.text(), 'hx-trigger="live:refresh"')
  })

  test('tell in one line what many miners of a site did together', async ({ client, assert }) => {
    const fleet = await makeFleet(5)
    const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120_000)
    await asSystem(fleet.tenant, async () => {
      for (const no of [1, 2, 3, 4]) await makeChange(no, 'stale', 'online', minute)
      await makeChange(5, 'online', 'offline', minute)
    })
    const page = await client.get('/fleet/now').loginAs(await operatorOf(fleet))
    const text = said(page.text())
    assert.include(text, '5 changes')
    assert.match(text, /4 miners of .+ stale → online/)
    assert.match(text, /#5 online → offline/)
    assert.include(page.text(), `connectivity=online&amp;site_id=${fleet.siteId}`)
  })

  test('say that there are more, when a large site came back at once', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(1)
    await asSystem(fleet.tenant, () =>
      current.get().client.rawQuery(
        `insert into fleet_connectivity_changes (tenant_id, miner_no, at, was, became)
         select ?, 1, date_trunc('minute', now()) - n * interval '10 milliseconds', 'stale', 'online'
         from generate_series(1, 1001) as n`,
        [fleet.tenant.id]
      )
    )
    const text = said((await client.get('/fleet/now').loginAs(await operatorOf(fleet))).text())
    assert.include(text, 'the newest 1,000 changes')
    assert.match(text, /1,000 miners of .+ or more stale → online/)
  })

  test('mark in the chart how long a collector was down', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const from = Math.floor(Date.now() / 300_000) * 300_000 - 3_600_000
    const [raised, cleared] = [from + 60_000, from + 240_000]
    await asSystem(fleet.tenant, async () => {
      await current
        .get()
        .client.table('fleet_groups_5min')
        .insert({
          ...{ tenant_id: fleet.tenant.id, bucket: new Date(from), site_id: fleet.siteId },
          ...{ zone: '', customer: '', model: 'S21', miners: 1, seconds_covered: 300 },
          ...{ seconds_online: 300, hashrate_ths: 200 },
        })
      await makeAlarm(fleet.siteId, {
        kind: 'collector_down',
        raised_at: new Date(raised),
        cleared_at: new Date(cleared),
      })
    })
    const page = await client.get('/fleet').loginAs(await operatorOf(fleet))
    const band = { from: raised, label: 'Collector down', kind: 'warn', to: cleared }
    assert.include(page.text(), `"events":[${JSON.stringify(band)}]`)
  })

  test('take an alarm off the list once somebody has seen it', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const id = await asSystem(fleet.tenant, () => makeAlarm(fleet.siteId))
    const user = await operatorOf(fleet)
    const url = `/fleet/alarms/${id}/clearance`
    const { user: stranger } = await makeMember((await makeFleet(0)).tenant, 'operator')
    const foreign = await client.post(url).loginAs(stranger).withCsrfToken()
    foreign.assertStatus(404)
    const { user: customer } = await makeMember(fleet.tenant, 'client')
    const refused = await client.post(url).loginAs(customer).withCsrfToken()
    refused.assertStatus(403)
    await client.post(url).loginAs(user).withCsrfToken()
    const [alarm] = await rowsIn(fleet.tenant, 'fleet_alarms')
    assert.equal(alarm.cleared_by, user.id)
    const again = await client.post(url).loginAs(user).withCsrfToken()
    again.assertStatus(404)
  })

  test('show clients their own miners and nothing of the house', async ({ client, assert }) => {
    const fleet = await makeFleet(2)
    const customerId = await asSystem(fleet.tenant, async () => {
      const id = await makeCustomer()
      const own = { no: 3, site_id: fleet.siteId, collector_id: fleet.collectorId }
      await makeMiner({ ...own, customer_id: id, name: 'Theirs' })
      await makeLive(3, fleet.siteId, { customer_id: id, hashrate_ths: 99 })
      await makeAlarm(fleet.siteId)
      await makeChange(1, 'online', 'offline')
      return id
    })
    const { user } = await makeMember(fleet.tenant, 'client', { customerId })
    const page = await client.get('/fleet').loginAs(user)
    const text = said(page.text())
    assert.include(text, '99.0 TH/s')
    assert.notInclude(text, 'Alarms')
    assert.notInclude(text, '#1')
    for (const path of ['map', 'pools', 'collectors', 'discovery', 'storage']) {
      const refused = await client.get(`/fleet/${path}`).loginAs(user)
      refused.assertStatus(403)
    }
  })

  test('send guests to the door', async ({ client }) => {
    for (const path of ['', '/now', '/summary', '/miners', '/map']) {
      const response = await client.get(`/fleet${path}`).redirects(0)
      response.assertStatus(302)
      response.assertHeader('location', '/sign-in')
    }
  })

  test('show its figures on the first page of the portal', async ({ client }) => {
    const fleet = await makeFleet(2)
    const widget = await client.get('/fleet/summary').loginAs(await operatorOf(fleet))
    widget.assertTextIncludes('100.0 % of 220 TH/s expected')
  })
})
