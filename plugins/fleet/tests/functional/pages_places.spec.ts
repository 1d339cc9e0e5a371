import { test } from '@japa/runner'
import { current } from '#core/current'
import { asSystem, makeMember } from '#tests/helpers'
import { hostOf, isTrusted } from '../../domain/pool_host.js'
import { partsOf } from '../../services/page_map.js'
import { makeAlarm, makeFleet, rowsIn, type TestFleet } from '../support/fleet_rows.js'

const operatorOf = async ({ tenant }: TestFleet) => (await makeMember(tenant, 'operator')).user
const ownerOf = async ({ tenant }: TestFleet) =>
  (await makeMember(tenant, 'mining_site_owner')).user

const update = (fleet: TestFleet, table: string, where: object, values: object) =>
  asSystem(fleet.tenant, () =>
    current
      .get()
      .client.from(table)
      .where(where as Record<string, string>)
      .update(values)
  )

test.group('The map of a site', () => {
  test('draw racks with the figure in each cell', async ({ client, assert }) => {
    const fleet = await makeFleet(3)
    const place = (no: number, values: object) =>
      update(fleet, 'fleet_miners', { no }, { zone_id: fleet.zoneId, ...values })
    await place(1, { rack: 'B2', shelf: 1, position: 1 })
    await place(2, { rack: 'B2', shelf: 1, position: 3 })
    await update(fleet, 'fleet_telemetry_live', { miner_no: 2 }, { hashrate_ths: 44 })
    const user = await operatorOf(fleet)
    const page = await client.get('/fleet/map').loginAs(user)
    page.assertStatus(200)
    page.assertTextIncludes('Rack B2')
    page.assertTextIncludes('1 miner without a place')
    assert.match(page.text(), /m-bad"[^>]*>\s*<b>40<\/b><small>#2/)
    const hot = await client.get('/fleet/map?look=temperature').loginAs(user)
    hot.assertTextIncludes('<b>72</b>')
    const power = await client.get('/fleet/map?look=power&arrange=1').loginAs(user)
    power.assertTextIncludes('<b>3.25</b>')
    power.assertTextIncludes('Free position 2')
    const states = await client.get('/fleet/map?look=state&zone=none').loginAs(user)
    states.assertStatus(200)
  })

  test('draw the racks of a large zone in parts of whole racks', ({ assert }) => {
    const of = (...sizes: number[]) => sizes.map((miners, index) => ({ rack: `R${index}`, miners }))
    const names = (...sizes: number[]) =>
      partsOf(of(...sizes), 100).map((part) => part.map(({ rack }) => rack))
    assert.deepEqual(names(), [])
    assert.deepEqual(names(60, 40, 1), [['R0', 'R1'], ['R2']])
    assert.deepEqual(names(60, 41, 59), [['R0'], ['R1', 'R2']])
    assert.deepEqual(names(10, 500, 10), [['R0'], ['R1'], ['R2']])
  })

  test('lead from one part of the racks to the next, and keep what was chosen', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(1)
    await update(
      fleet,
      'fleet_miners',
      { no: 1 },
      { zone_id: fleet.zoneId, rack: 'B1', position: 1 }
    )
    await asSystem(fleet.tenant, () =>
      current.get().client.rawQuery(
        `insert into fleet_miners (tenant_id, id, no, site_id, collector_id, miner_key, ip, driver,
           evidence, zone_id, rack)
         select tenant_id, gen_random_uuid(), n, site_id, collector_id, 'key:' || n, ip, driver,
           evidence, zone_id, 'B' || (2 + n / 1000)
         from fleet_miners cross join generate_series(1000, 2999) as n where no = 1`
      )
    )
    const user = await operatorOf(fleet)
    const first = (await client.get('/fleet/map?look=state').loginAs(user)).text()
    assert.include(first, 'Racks B1 to B3, part 1 of 2')
    assert.include(first, 'Rack B3')
    assert.notInclude(first, 'Rack B4')
    const [, next] = /href="([^"]*part=2[^"]*)"/.exec(first)!
    assert.include(next, 'look=state')
    const second = (await client.get(next!.replaceAll('&amp;', '&')).loginAs(user)).text()
    assert.include(second, 'Racks B4 to B4, part 2 of 2')
    assert.notInclude(second, 'Rack B1')
    for (const part of ['0', '-1', '99', 'x']) {
      const page = await client.get(`/fleet/map?part=${part}`).loginAs(user)
      page.assertStatus(200)
    }
  })

  test('put a miner somewhere, but not where another stands', async ({ client, assert }) => {
    const fleet = await makeFleet(2)
    const user = await operatorOf(fleet)
    const put = (minerId: string, who = user) =>
      client
        .post('/fleet/map/places')
        .form({ minerId, zoneId: fleet.zoneId, rack: 'C1', shelf: 2, position: 5 })
        .header('referer', `http://127.0.0.1:${process.env.PORT}/fleet/map`)
        .loginAs(who)
        .withCsrfToken()
    const placed = await put(fleet.miners[0]!)
    placed.assertTextIncludes('#1 stands at C1 / 2 / 5.')
    const taken = await put(fleet.miners[1]!)
    taken.assertTextIncludes('Miner #1 stands there.')
    const stranger = await operatorOf(await makeFleet(0))
    const foreign = await put(fleet.miners[0]!, stranger)
    foreign.assertStatus(404)
    const { user: customer } = await makeMember(fleet.tenant, 'client')
    const refused = await put(fleet.miners[0]!, customer)
    refused.assertStatus(403)
    const rows = (await rowsIn(fleet.tenant, 'fleet_miners')).sort((a, b) => a.no - b.no)
    assert.deepEqual(
      rows.map(({ rack, position }) => [rack, position]),
      [
        ['C1', 5],
        [null, null],
      ]
    )
  })
})

test.group('Pools', () => {
  test('tell for whom the fleet works, and mark whom nobody trusts', async ({ client, assert }) => {
    const fleet = await makeFleet(3)
    const foreign = { pool_url: 'stratum+tcp://user@Evil.example:443/x' }
    await update(fleet, 'fleet_telemetry_live', { miner_no: 3 }, foreign)
    await asSystem(fleet.tenant, () => makeAlarm(fleet.siteId, { miner_id: fleet.miners[2] }))
    const owner = await ownerOf(fleet)
    const before = await client.get('/fleet/pools').loginAs(owner)
    before.assertTextIncludes('evil.example')
    before.assertTextIncludes('220 TH/s')
    before.assertTextIncludes('Nobody has said which pools are trusted.')
    before.assertTextIncludes('Pool changed')
    assert.notInclude(before.text(), 'not trusted')
    await client
      .post('/fleet/pools/trusted')
      .form({ host: '*.Pool.example', note: 'Ours' })
      .loginAs(owner)
      .withCsrfToken()
    const after = await client.get('/fleet/pools').loginAs(owner)
    assert.lengthOf(after.text().match(/not trusted/g)!, 1)
    const [row] = await rowsIn(fleet.tenant, 'fleet_trusted_pools')
    assert.equal(row.host, '*.pool.example')
    await client.post(`/fleet/pools/trusted/${row.id}/removal`).loginAs(owner).withCsrfToken()
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_trusted_pools'), 0)
  })

  test('refuse what is no host, one that is there, and people who may not', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(0)
    const owner = await ownerOf(fleet)
    const trust = (host: string, who = owner) =>
      client
        .post('/fleet/pools/trusted')
        .form({ host })
        .header('referer', `http://127.0.0.1:${process.env.PORT}/fleet/pools`)
        .loginAs(who)
        .withCsrfToken()
    await trust('a.example')
    const twice = await trust('a.example')
    twice.assertTextIncludes('It is trusted already.')
    await trust('http://a b')
    const refused = await trust('b.example', await operatorOf(fleet))
    refused.assertStatus(403)
    const [row] = await rowsIn(fleet.tenant, 'fleet_trusted_pools')
    const stranger = await ownerOf(await makeFleet(0))
    const url = `/fleet/pools/trusted/${row.id}/removal`
    const foreign = await client.post(url).loginAs(stranger).withCsrfToken()
    foreign.assertStatus(404)
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_trusted_pools'), 1)
    const others = await client.get('/fleet/pools').loginAs(stranger)
    assert.notInclude(others.text(), 'a.example')
  })

  test('trust a host and, with a star, those below it', ({ assert }) => {
    assert.isTrue(isTrusted('btc.a.example', ['*.a.example']))
    assert.isFalse(isTrusted('a.example', ['*.a.example']))
    assert.isFalse(isTrusted('evila.example', ['*.a.example']))
    assert.isTrue(isTrusted('A.example', ['a.example']))
    assert.isFalse(isTrusted('b.a.example', ['a.example']))
    assert.equal(hostOf('stratum+tcp://user@Eu.Pool.example:3333/x'), 'eu.pool.example')
    assert.equal(hostOf('pool.example:25'), 'pool.example')
    assert.equal(hostOf('stratum2+tcp://[2001:db8::1]:3333'), '[2001:db8::1]')
    assert.equal(hostOf('://'), '://')
  })
})

test.group('Storage', () => {
  test('tell what the layers take', async ({ client }) => {
    const fleet = await makeFleet(1)
    const page = await client.get('/fleet/storage').loginAs(await operatorOf(fleet))
    page.assertStatus(200)
    const { user: customer } = await makeMember(fleet.tenant, 'client')
    const refused = await client.get('/fleet/storage').loginAs(customer)
    refused.assertStatus(403)
  })
})

test.group('The palette', () => {
  test('find a miner by its number and its address, and none of others', async ({
    client,
    assert,
  }) => {
    const fleet = await makeFleet(1)
    const user = await operatorOf(fleet)
    for (const q of ['#1', '10.0.0.2']) {
      const found = await client.get('/palette').qs({ q }).loginAs(user)
      assert.include(found.text(), `/fleet/miners/${fleet.miners[0]}`)
    }
    const stranger = await operatorOf(await makeFleet(0))
    const other = await client.get('/palette').qs({ q: '10.0.0.2' }).loginAs(stranger)
    assert.notInclude(other.text(), fleet.miners[0]!)
  })
})
