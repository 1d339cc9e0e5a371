import { test } from '@japa/runner'
import { asSystem, makeMember, makeSite } from '#tests/helpers'
import {
  makeAlarm,
  makeChange,
  makeFleet,
  makeFound,
  makeZone,
  rowsIn,
} from '../support/fleet_rows.js'
import { EVIL, operatorOf, setMiner, board } from './pages_miners_setup.js'

test.group('The page of a miner', () => {
  test('show boards, fans, pools and faults as the miner gave them', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    await setMiner(fleet, 1, {
      detail_at: new Date(),
      detail: JSON.stringify({
        hashboards: [
          board(0),
          board(1, { present: false, hashrate_ths: null, chips_working: null }),
        ],
        fans: [
          { slot: 0, rpm: 5400 },
          { slot: 1, rpm: 0 },
        ],
        pools: [
          { index: 0, url: 'stratum+tcp://a.example:3333', user: EVIL, active: false, alive: true },
          { index: 1, url: 'stratum+tcp://b.example:3333', user: 'w', active: true, alive: true },
        ],
        errors: [{ code: 'E42', message: EVIL, severity: 'error', component: null, at: null }],
        capabilities: ['reboot'],
      }),
    })
    await asSystem(fleet.tenant, () => makeChange(1, 'online', 'stale'))
    const page = await client
      .get(`/fleet/miners/${fleet.miners[0]}`)
      .loginAs(await operatorOf(fleet))
    page.assertStatus(200)
    const html = page.text()
    assert.notInclude(html, EVIL)
    for (const text of ['36.61', '114 / 114', 'missing', 'E42', 'stands still', 'in use']) {
      assert.include(html, text)
    }
    assert.match(html, /b\.example:3333<\/th><td[^>]*>.*in use/)
  })

  test('stand when the detail is from a world that never was', async ({ client }) => {
    const fleet = await makeFleet(1)
    const user = await operatorOf(fleet)
    const odd = {
      note: 1,
      hashboards: 'x',
      pools: [{}],
      errors: [{}],
      fans: [{}],
      tuning_target: {},
    }
    await setMiner(fleet, 1, { detail: JSON.stringify(odd), detail_at: new Date() })
    const page = await client.get(`/fleet/miners/${fleet.miners[0]}`).loginAs(user)
    page.assertStatus(200)
    page.assertTextIncludes('has not described its boards')
    for (const overlay of ['model', '99', 'x', '2147483648']) {
      const shown = await client
        .get(`/fleet/miners/${fleet.miners[0]}?range=7d&with=${overlay}`)
        .loginAs(user)
      shown.assertStatus(200)
    }
  })

  test('say in words what the miner is set to, in both languages', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const detail = JSON.stringify({ power_mode: 'high' })
    await setMiner(fleet, 1, { detail, detail_at: new Date() })
    const user = await operatorOf(fleet)
    for (const [locale, name, mode] of [
      ['en', 'Power mode', 'high'],
      ['zh', '功耗模式', '高性能'],
    ] as const) {
      const page = await client
        .get(`/fleet/miners/${fleet.miners[0]}`)
        .withSession({ locale })
        .loginAs(user)
      assert.match(page.text(), new RegExp(`<dt>${name}</dt><dd[^>]*>${mode}</dd>`))
      assert.notMatch(page.text(), /translation missing/i)
    }
  })

  test('say when no hardware ever proved the driver', async ({ client }) => {
    const fleet = await makeFleet(1)
    await setMiner(fleet, 1, { evidence: 'constructed' })
    const page = await client
      .get(`/fleet/miners/${fleet.miners[0]}`)
      .loginAs(await operatorOf(fleet))
    page.assertTextIncludes('Unverified on hardware')
  })

  test('keep what people say about it, and tell its passport', async ({ client, assert }) => {
    const fleet = await makeFleet(2)
    const user = await operatorOf(fleet)
    const url = `/fleet/miners/${fleet.miners[0]}`
    const form = { name: 'B2-14-07', status: 'active', zoneId: fleet.zoneId, rack: 'B2', shelf: 14 }
    const saved = await client
      .post(url)
      .form({ ...form, position: 7, notes: 'New fan', customerId: '' })
      .loginAs(user)
      .withCsrfToken()
    saved.assertStatus(200)
    saved.assertTextIncludes('B2-14-07')
    saved.assertTextIncludes('New fan')
    saved.assertTextIncludes('Miner changed')
    const taken = await client
      .post(`/fleet/miners/${fleet.miners[1]}`)
      .form({ ...form, position: 7 })
      .header(
        'referer',
        `http://127.0.0.1:${process.env.PORT}/fleet/miners/${fleet.miners[1]}/edit`
      )
      .loginAs(user)
      .withCsrfToken()
    taken.assertTextIncludes('Miner #1 stands there.')
    const edit = await client.get(`${url}/edit`).loginAs(user)
    edit.assertTextIncludes('value="B2-14-07"')
    const [, second] = (await rowsIn(fleet.tenant, 'fleet_miners')).sort((a, b) => a.no - b.no)
    assert.isNull(second.rack)
  })

  test('keep what was repaired, in the passport', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const user = await operatorOf(fleet)
    const path = `/fleet/miners/${fleet.miners[0]}`
    const note = (form: object, by = user) =>
      client.post(`${path}/services`).form(form).loginAs(by).withCsrfToken()
    await note({ work: 'fan', note: `left fan, ${EVIL}` })
    const page = await client.get(path).loginAs(user)
    page.assertTextIncludes('Fan replaced')
    page.assertTextIncludes('left fan, &lt;script&gt;')
    const wrong = await note({ work: 'magic' })
    wrong.assertStatus(200)
    const { user: customer } = await makeMember(fleet.tenant, 'client')
    ;(await note({ work: 'fan' }, customer)).assertStatus(403)
    ;(await note({ work: 'fan' }, await operatorOf(await makeFleet(0)))).assertStatus(404)
    const events = await rowsIn(fleet.tenant, 'audit_events', { name: 'fleet.miner.serviced' })
    assert.deepEqual(
      events.map(({ payload }) => payload.facts),
      [{ no: 1, name: '', work: 'fan', note: `left fan, ${EVIL}` }]
    )
  })

  test('tell alarms beside its coming and going', async ({ client }) => {
    const fleet = await makeFleet(1)
    await asSystem(fleet.tenant, async () => {
      await makeChange(1, 'online', 'offline')
      const facts = JSON.stringify({ no: 1, was: 'pool-a.example', became: 'pool-b.example' })
      await makeAlarm(fleet.siteId, { miner_id: fleet.miners[0], facts, cleared_at: new Date() })
    })
    const page = await client
      .get(`/fleet/miners/${fleet.miners[0]}`)
      .loginAs(await operatorOf(fleet))
    page.assertTextIncludes('Pool changed')
    page.assertTextIncludes('pool-b.example')
    page.assertTextIncludes('offline')
  })

  test('refuse a zone of another site', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const zoneId = await asSystem(fleet.tenant, async () => makeZone(await makeSite()))
    await client
      .post(`/fleet/miners/${fleet.miners[0]}`)
      .form({ status: 'active', zoneId })
      .loginAs(await operatorOf(fleet))
      .withCsrfToken()
    const [row] = await rowsIn(fleet.tenant, 'fleet_miners')
    assert.isNull(row.zone_id)
  })

  test('retire it for good, or bring it back', async ({ client, assert }) => {
    const fleet = await makeFleet(1)
    const user = await operatorOf(fleet)
    const [miner] = await rowsIn(fleet.tenant, 'fleet_miners')
    await asSystem(fleet.tenant, () =>
      makeFound(fleet.siteId, fleet.collectorId, { miner_key: miner.miner_key, state: 'accepted' })
    )
    const url = `/fleet/miners/${miner.id}`
    const retired = await client
      .post(`${url}/retirement`)
      .form({ reason: 'Sold' })
      .loginAs(user)
      .withCsrfToken()
    retired.assertTextIncludes('Retired: not read any more')
    const state = async () => (await rowsIn(fleet.tenant, 'fleet_found'))[0].state
    assert.equal(await state(), 'ignored')
    const [event] = await rowsIn(fleet.tenant, 'audit_events', { name: 'fleet.miner.retired' })
    assert.deepEqual(event.payload.changes.reason, [null, 'Sold'])
    await client.post(`${url}/restoration`).loginAs(user).withCsrfToken()
    assert.equal(await state(), 'accepted')
    assert.equal((await rowsIn(fleet.tenant, 'fleet_miners'))[0].status, 'active')
  })

  test('merge two entries, and refuse to merge one with itself', async ({ client, assert }) => {
    const fleet = await makeFleet(2)
    const user = await operatorOf(fleet)
    const url = `/fleet/miners/${fleet.miners[0]}/merger`
    await client.post(url).form({ other: 1 }).loginAs(user).withCsrfToken()
    await client.post(url).form({ other: 77 }).loginAs(user).withCsrfToken()
    const states = async () =>
      (await rowsIn(fleet.tenant, 'fleet_miners')).sort((a, b) => a.no - b.no).map((m) => m.status)
    assert.deepEqual(await states(), ['active', 'active'])
    await client.post(url).form({ other: 2 }).loginAs(user).withCsrfToken()
    assert.deepEqual(await states(), ['merged', 'active'])
    const merged = await client.get(`/fleet/miners/${fleet.miners[0]}`).loginAs(user)
    merged.assertTextIncludes(`/fleet/miners/${fleet.miners[1]}`)
  })

  test('give its place to another machine', async ({ client, assert }) => {
    const fleet = await makeFleet(2)
    await setMiner(fleet, 1, { zone_id: fleet.zoneId, rack: 'A', position: 4, name: 'A-4' })
    await client
      .post(`/fleet/miners/${fleet.miners[0]}/replacement`)
      .form({ other: 2 })
      .loginAs(await operatorOf(fleet))
      .withCsrfToken()
    const rows = (await rowsIn(fleet.tenant, 'fleet_miners')).sort((a, b) => a.no - b.no)
    assert.deepEqual(
      rows.map(({ status, rack, position, name }) => [status, rack, position, name]),
      [
        ['retired', null, null, null],
        ['active', 'A', 4, 'A-4'],
      ]
    )
  })

  test('refuse clients and other companies', async ({ client }) => {
    const fleet = await makeFleet(2)
    const { user: customer } = await makeMember(fleet.tenant, 'client')
    const stranger = await operatorOf(await makeFleet(0))
    const url = `/fleet/miners/${fleet.miners[0]}`
    for (const path of ['', '/retirement', '/restoration', '/merger', '/replacement']) {
      const form = { other: 2, status: 'active' }
      const refused = await client
        .post(url + path)
        .form(form)
        .loginAs(customer)
        .withCsrfToken()
      refused.assertStatus(403)
      const foreign = await client
        .post(url + path)
        .form(form)
        .loginAs(stranger)
        .withCsrfToken()
      foreign.assertStatus(404)
    }
  })

  test('print a label with a code that opens its page', async ({ client }) => {
    const fleet = await makeFleet(1)
    const page = await client
      .get(`/fleet/miners/${fleet.miners[0]}/label`)
      .loginAs(await operatorOf(fleet))
    page.assertStatus(200)
    page.assertTextIncludes('data:image/png;base64,')
    page.assertTextIncludes(`/fleet/miners/${fleet.miners[0]}`)
  })
})
