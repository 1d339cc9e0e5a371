import { test } from '@japa/runner'
import { asSystem, makeMember, makeSite } from '#tests/helpers'
import { makeFleet, makeFound, rowsIn, type TestFleet } from '../support/fleet_rows.js'

const ownerOf = async ({ tenant }: TestFleet) =>
  (await makeMember(tenant, 'mining_site_owner')).user
const operatorOf = async ({ tenant }: TestFleet) => (await makeMember(tenant, 'operator')).user

test.group('Collectors', () => {
  test('list how each is, with the words of its key', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const page = await client.get('/fleet/collectors').loginAs(await operatorOf(fleet))
    page.assertStatus(200)
    page.assertTextIncludes('well')
    page.assertTextIncludes('2 / 3')
    assert.match(page.text(), />[a-z]{5}(-[a-z]{5}){5}</)
    const one = await client
      .get(`/fleet/collectors/${fleet.collectorId}`)
      .loginAs(await operatorOf(fleet))
    one.assertTextIncludes('All well.')
    assert.notInclude(one.text(), 'collector-revoke')
  })

  test('give out a code once, with the line to run', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    const user = await ownerOf(fleet)
    const form = await client.get('/fleet/collectors/create').loginAs(user)
    form.assertStatus(200)
    const made = await client
      .post('/fleet/collectors')
      .form({ siteId: fleet.siteId, name: 'edge-b' })
      .loginAs(user)
      .withCsrfToken()
    made.assertStatus(200)
    const code = /--code ([A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4})/.exec(made.text())![1]!
    assert.include(made.text(), `/edge/v1/collector.tgz enroll --portal http`)
    assert.match(made.text(), /[0-9a-f]{64}/)
    const list = await client.get('/fleet/collectors').loginAs(user)
    list.assertTextIncludes('edge-b')
    assert.notInclude(list.text(), code)
    const [row] = await rowsIn(fleet.tenant, 'fleet_enrolment_codes')
    assert.notInclude(JSON.stringify(row), code)
  })

  test('refuse a site that is not theirs, and people who may not', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    const other = await makeFleet(0)
    const form = { siteId: other.siteId, name: 'edge-b' }
    const post = (user: Awaited<ReturnType<typeof ownerOf>>) =>
      client.post('/fleet/collectors').form(form).loginAs(user).withCsrfToken()
    await post(await ownerOf(fleet))
    const refused = await post(await operatorOf(fleet))
    refused.assertStatus(403)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_enrolment_codes'), 0)
    const create = await client.get('/fleet/collectors/create').loginAs(await operatorOf(fleet))
    create.assertStatus(403)
  })

  test('change what it is told, and ask it for a scan', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    const user = await ownerOf(fleet)
    const url = `/fleet/collectors/${fleet.collectorId}`
    const edit = await client.get(`${url}/edit`).loginAs(user)
    edit.assertStatus(200)
    const form = { name: 'edge-a', pollSeconds: 15, detailSeconds: 120, scanHours: 6 }
    await client.post(url).form(form).loginAs(user).withCsrfToken()
    const [row] = await rowsIn(fleet.tenant, 'fleet_collectors')
    assert.deepEqual(
      [row.name, row.poll_seconds, row.scan_hours, row.auto_accept, row.config_version],
      ['edge-a', 15, 6, false, 2]
    )
    await client
      .post(`${url}/scans`)
      .loginAs(await operatorOf(fleet))
      .withCsrfToken()
    const [after] = await rowsIn(fleet.tenant, 'fleet_collectors')
    assert.deepEqual([after.scan_request, after.config_version], [1, 3])
  })

  test('be told where to look, and refuse nonsense beside the field', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(0)
    const user = await ownerOf(fleet)
    const url = `/fleet/collectors/${fleet.collectorId}`
    const add = (addresses: string, more = {}) =>
      client
        .post(`${url}/ranges`)
        .form({ addresses, ...more })
        .header('referer', `http://127.0.0.1:${process.env.PORT}${url}`)
        .loginAs(user)
        .withCsrfToken()
    const good = await add('10.1.2.0/24', { 'zoneId': fleet.zoneId, 'ports[rpc]': 4029 })
    good.assertTextIncludes('10.1.2.0/24')
    good.assertTextIncludes('rpc 4029')
    const twice = await add('10.1.2.0/24')
    twice.assertTextIncludes('looks there already')
    const nonsense = await add('10.1.2.0/99')
    nonsense.assertTextIncludes('neither a block')
    const much = await add('10.0.0.0/8')
    much.assertTextIncludes('16,777,214 addresses are too many')
    const open = await add('8.8.8.0/24')
    open.assertTextIncludes('of the public internet')
    const ranges = await rowsIn(fleet.tenant, 'fleet_ranges')
    assert.lengthOf(ranges, 2)
    const [row] = await rowsIn(fleet.tenant, 'fleet_collectors')
    assert.equal(row.config_version, 3)
    await client.post(`/fleet/ranges/${ranges[0].id}/removal`).loginAs(user).withCsrfToken()
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_ranges'), 1)
  })

  test('be taken out of service', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    const url = `/fleet/collectors/${fleet.collectorId}/revocation`
    await client
      .post(url)
      .loginAs(await ownerOf(fleet))
      .withCsrfToken()
    const [row] = await rowsIn(fleet.tenant, 'fleet_collectors')
    assert.isNotNull(row.revoked_at)
  })

  test('refuse operators what owners do, and strangers everything', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    const url = `/fleet/collectors/${fleet.collectorId}`
    const owner = await ownerOf(fleet)
    await client
      .post(`${url}/ranges`)
      .form({ addresses: '10.1.1.1' })
      .loginAs(owner)
      .withCsrfToken()
    const [range] = await rowsIn(fleet.tenant, 'fleet_ranges')
    const writes = [url, `${url}/ranges`, `${url}/revocation`, `/fleet/ranges/${range.id}/removal`]
    const operator = await operatorOf(fleet)
    const stranger = await ownerOf(await makeFleet(0))
    for (const path of writes) {
      const refused = await client.post(path).loginAs(operator).withCsrfToken()
      refused.assertStatus(403)
      const foreign = await client.post(path).loginAs(stranger).withCsrfToken()
      foreign.assertStatus(404)
    }
    const scan = await client.post(`${url}/scans`).loginAs(stranger).withCsrfToken()
    scan.assertStatus(404)
    const edit = await client.get(`${url}/edit`).loginAs(operator)
    edit.assertStatus(403)
    const page = await client.get(url).loginAs(stranger)
    page.assertStatus(404)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_ranges'), 1)
  })
})

test.group('The review of what scans found', () => {
  test('take in, leave alone, and offer again', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    const user = await operatorOf(fleet)
    const [one, two] = await asSystem(fleet.tenant, async () => [
      await makeFound(fleet.siteId, fleet.collectorId, { ip: '10.0.0.5' }),
      await makeFound(fleet.siteId, fleet.collectorId, { ip: '10.0.0.6', evidence: 'none' }),
    ])
    const page = await client.get('/fleet/discovery').loginAs(user)
    page.assertTextIncludes('2 machines wait for a decision')
    page.assertTextIncludes('unverified')
    const send = (path: string, id: string) =>
      client
        .post(`/fleet/discovery/${path}`)
        .form({ 'ids[]': [id] })
        .loginAs(user)
        .withCsrfToken()
    await send('acceptances', one!)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners'), 1)
    const state = async () =>
      (await rowsIn(fleet.tenant, 'fleet_found', { id: two }))[0].state as string
    await send('dismissals', two!)
    assert.equal(await state(), 'ignored')
    await send('restorations', two!)
    assert.equal(await state(), 'new')
    const events = await rowsIn(fleet.tenant, 'audit_events')
    assert.includeMembers(
      events.map(({ name }) => name),
      ['fleet.miner.accepted', 'fleet.found.ignored', 'fleet.found.reconsidered']
    )
  })

  test('never take in what is gone', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const id = await asSystem(fleet.tenant, () =>
      makeFound(fleet.siteId, fleet.collectorId, { state: 'gone', miner_id: fleet.miners[0] })
    )
    const page = await client.get('/fleet/discovery').loginAs(await operatorOf(fleet))
    page.assertTextIncludes('1 gone from no place')
    const response = await client
      .post('/fleet/discovery/acceptances')
      .form({ 'ids[]': [id] })
      .loginAs(await operatorOf(fleet))
      .withCsrfToken()
    response.assertTextIncludes('None of them can be accepted.')
    const [row] = await rowsIn(fleet.tenant, 'fleet_found')
    assert.equal(row.state, 'gone')
  })

  test('refuse clients, and find nothing of another company', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    const id = await asSystem(fleet.tenant, () => makeFound(fleet.siteId, fleet.collectorId))
    const { user: customer } = await makeMember(fleet.tenant, 'client')
    const stranger = await operatorOf(await makeFleet(0))
    for (const path of ['acceptances', 'dismissals', 'restorations']) {
      const send = (user: typeof stranger) =>
        client
          .post(`/fleet/discovery/${path}`)
          .form({ 'ids[]': [id] })
          .loginAs(user)
          .withCsrfToken()
      const refused = await send(customer)
      refused.assertStatus(403)
      const foreign = await send(stranger)
      foreign.assertTextIncludes('None of them')
    }
    const page = await client.get('/fleet/discovery').loginAs(stranger)
    assert.notInclude(page.text(), id)
    assert.equal((await rowsIn(fleet.tenant, 'fleet_found'))[0].state, 'new')
  })

  test('show one site only to those who look at one', async ({ client, assert }) => {
    const fleet = await makeFleet(0)
    await asSystem(fleet.tenant, () =>
      makeFound(fleet.siteId, fleet.collectorId, { ip: '10.77.0.1' })
    )
    const siteId = await asSystem(fleet.tenant, () => makeSite())
    const { user } = await makeMember(fleet.tenant, 'operator', { siteIds: [siteId] })
    const page = await client.get('/fleet/discovery').loginAs(user)
    page.assertStatus(200)
    assert.notInclude(page.text(), '10.77.0.1')
  })
})
