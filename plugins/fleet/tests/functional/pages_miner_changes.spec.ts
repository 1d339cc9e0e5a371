import { test } from '@japa/runner'
import { asSystem, makeCustomer, makeMember, makeSite } from '#tests/helpers'
import { makeFleet, makeMiner, rowsIn } from '../support/fleet_rows.js'
import { operatorOf, setMiner } from './pages_miners_setup.js'

test.group('Changes of many miners', () => {
  test('put them into a zone, and leave those of another site', async ({ client, assert }) => {
    const fleet = await makeFleet(2)
    const away = await asSystem(fleet.tenant, async () => {
      const siteId = await makeSite()
      return makeMiner({ no: 9, site_id: siteId, collector_id: fleet.collectorId })
    })
    const user = await operatorOf(fleet)
    const response = await client
      .post('/fleet/miners/changes')
      .form({ 'act': 'zone', 'zoneId': fleet.zoneId, 'ids[]': [...fleet.miners, away] })
      .loginAs(user)
      .withCsrfToken()
    response.assertTextIncludes('2 miners changed; 1 stayed as they were.')
    const rows = await rowsIn(fleet.tenant, 'fleet_miners')
    assert.lengthOf(
      rows.filter(({ zone_id: zone }) => zone === fleet.zoneId),
      2
    )
    const events = await rowsIn(fleet.tenant, 'audit_events', { name: 'fleet.miner.changed' })
    assert.lengthOf(events, 2)
  })

  test('give them to a customer, who then sees them', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const customerId = await asSystem(fleet.tenant, () => makeCustomer('Northern Light'))
    const { user: theirs } = await makeMember(fleet.tenant, 'client', { customerId })
    const before = await client.get('/fleet/miners').loginAs(theirs)
    assert.notInclude(before.text(), fleet.miners[0]!)
    await client
      .post('/fleet/miners/changes')
      .form({ 'act': 'customer', customerId, 'ids[]': fleet.miners })
      .loginAs(await operatorOf(fleet))
      .withCsrfToken()
    const after = await client.get('/fleet').loginAs(theirs)
    after.assertTextIncludes('1 of 1 miners are online')
    const [event] = await rowsIn(fleet.tenant, 'audit_events', { name: 'fleet.miner.changed' })
    assert.deepEqual(event.payload.changes.customer, [null, 'Northern Light'])
  })

  test('set and end maintenance, and retire', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const user = await operatorOf(fleet)
    const change = (act: string) =>
      client
        .post('/fleet/miners/changes')
        .form({ act, 'ids[]': fleet.miners })
        .loginAs(user)
        .withCsrfToken()
    const status = async () => (await rowsIn(fleet.tenant, 'fleet_miners'))[0].status
    await change('maintenance')
    assert.equal(await status(), 'maintenance')
    await change('active')
    assert.equal(await status(), 'active')
    await change('retire')
    assert.equal(await status(), 'retired')
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_telemetry_live'), 0)
    const again = await change('active')
    again.assertTextIncludes('No miner changed')
  })

  test('reach all that match the filter, and no other', async ({ client, assert }) => {
    const fleet = await makeFleet(30)
    await setMiner(fleet, 7, { model: 'S21' })
    await setMiner(fleet, 8, { status: 'retired' })
    const user = await operatorOf(fleet)
    const page = await client.get('/fleet/miners?model=S19+Pro').loginAs(user)
    page.assertTextIncludes('Select all 28 that match')
    const search = 'model=S19+Pro&sort=ip&dir=desc&page=2'
    const change = (form: object) =>
      client.post('/fleet/miners/changes').form(form).loginAs(user).withCsrfToken()
    const done = await change({ act: 'maintenance', all: 28, search })
    done.assertTextIncludes('28 miners changed.')
    const rows = await rowsIn(fleet.tenant, 'fleet_miners')
    const inMaintenance = rows.filter(({ status }) => status === 'maintenance')
    assert.lengthOf(inMaintenance, 28)
    assert.notIncludeMembers(
      inMaintenance.map(({ no }) => no),
      [7]
    )
    const events = await rowsIn(fleet.tenant, 'audit_events', { name: 'fleet.miner.changed' })
    assert.sameMembers(
      events.map(({ subject_id: id }) => id),
      inMaintenance.map(({ id }) => id)
    )
    assert.deepEqual(events[0].payload.changes, { status: ['active', 'maintenance'] })
    const outbox = await rowsIn(fleet.tenant, 'outbox')
    assert.includeMembers(
      outbox.map(({ event_id: id }) => id),
      events.map(({ id }) => id)
    )
    const retired = await change({ act: 'retire', all: 28, search })
    retired.assertTextIncludes('28 miners changed.')
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_telemetry_live'), 2)
  })

  test('change nothing when other miners match than the person saw', async ({ client, assert }) => {
    const fleet = await makeFleet(3)
    const user = await operatorOf(fleet)
    const change = (form: object) =>
      client.post('/fleet/miners/changes').form(form).loginAs(user).withCsrfToken()
    const moved = await change({ act: 'retire', all: 2, search: '' })
    moved.assertTextIncludes('3 miners match now, not 2 as you saw.')
    const wrong = await change({ act: 'retire', all: 3, search: 'model=none&x=1' })
    wrong.assertStatus(400)
    const nobody = await change({ act: 'retire', search: '' })
    nobody.assertStatus(200)
    const rows = await rowsIn(fleet.tenant, 'fleet_miners')
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['active', 'active', 'active']
    )
  })

  test('stay within the sites of the person, whatever the filter says', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(2)
    const away = await asSystem(fleet.tenant, () => makeSite())
    await setMiner(fleet, 2, { site_id: away })
    const { user } = await makeMember(fleet.tenant, 'operator', { siteIds: [away] })
    const form = { act: 'maintenance', all: 1, search: '' }
    await client.post('/fleet/miners/changes').form(form).loginAs(user).withCsrfToken()
    const rows = await rowsIn(fleet.tenant, 'fleet_miners')
    assert.deepEqual(
      rows.sort((a, b) => a.no - b.no).map(({ status }) => status),
      ['active', 'maintenance']
    )
    const { user: customer } = await makeMember(fleet.tenant, 'client')
    const refused = await client
      .post('/fleet/miners/changes')
      .form(form)
      .loginAs(customer)
      .withCsrfToken()
    refused.assertStatus(403)
  })

  test('refuse clients, other companies, and a customer that is none', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(1)
    const form = { 'act': 'retire', 'ids[]': fleet.miners }
    const { user: customer } = await makeMember(fleet.tenant, 'client')
    const refused = await client
      .post('/fleet/miners/changes')
      .form(form)
      .loginAs(customer)
      .withCsrfToken()
    refused.assertStatus(403)
    const stranger = await operatorOf(await makeFleet(0))
    const foreign = await client
      .post('/fleet/miners/changes')
      .form(form)
      .loginAs(stranger)
      .withCsrfToken()
    foreign.assertTextIncludes('No miner changed')
    const other = await makeFleet(0)
    const theirs = await asSystem(other.tenant, () => makeCustomer())
    await client
      .post('/fleet/miners/changes')
      .form({ 'act': 'customer', 'customerId': theirs, 'ids[]': fleet.miners })
      .loginAs(await operatorOf(fleet))
      .withCsrfToken()
    const [row] = await rowsIn(fleet.tenant, 'fleet_miners')
    assert.deepEqual([row.status, row.customer_id], ['active', null])
  })
})
