import { test } from '@japa/runner'
import { bearer, tokenFor } from '#tests/functional/api/helpers'
import { asSystem, makeMember, makeSite } from '#tests/helpers'
import { FakeCollector } from '../support/fake_collector.js'
import { allow, makeMeter, readingOf, rollUp, WISH } from '../support/meter_rows.js'

const BUCKET = 300_000
const FORM = { ...WISH, registers: '' }

async function site() {
  const collector = await FakeCollector.enrolled()
  await allow(collector, '10.9.0.0/24')
  return collector
}

const owner = async ({ tenant }: FakeCollector) =>
  (await makeMember(tenant, 'mining_site_owner')).user

test.group('Meters of a site', () => {
  test('are added, changed and removed by the owner, told to the collector and to the audit', async ({
    client,
    assert,
  }) => {
    const collector = await site()
    const user = await owner(collector)
    const form = await client.get('/fleet/meters/create').loginAs(user)
    form.assertStatus(200)
    form.assertTextIncludes('Meter · ABB A43/A44, B23/B24')
    const before = await collector.ask('GET', 'config', undefined)
    const post = (url: string, values: object) =>
      client.post(url).form(values).loginAs(user).withCsrfToken().redirects(0)
    await post('/fleet/meters', { ...FORM, collectorId: collector.id })
    const [row] = await collector.rows('fleet_meters')
    assert.equal(row.ip, '10.9.0.5')
    const config = async () => {
      const { body } = await collector.ask('GET', 'config', undefined)
      return JSON.parse(Buffer.from(body.payload, 'base64url').toString())
    }
    const told = await config()
    const old = JSON.parse(Buffer.from(before.body.payload, 'base64url').toString())
    assert.isAbove(told.version, old.version)
    assert.deepInclude(told.meters[0], { id: row.id, ip: '10.9.0.5', port: 502, unit: 1 })
    assert.lengthOf(told.meters[0].registers, 15)

    const registers = '[{"field":"power_w","address":9,"type":"i32","scale":0.1}]'
    await post(`/fleet/meters/${row.id}`, { ...FORM, map: 'generic', registers })
    assert.deepEqual((await config()).meters[0].registers, [
      {
        field: 'power_w',
        address: 9,
        fn: 3,
        type: 'i32',
        order: 'high_first',
        scale: 0.1,
        none: null,
      },
    ])
    const page = await client.get(`/fleet/meters/${row.id}`).loginAs(user)
    page.assertStatus(200)
    page.assertTextIncludes('It has not answered yet')
    await post(`/fleet/meters/${row.id}/removal`, {})
    assert.lengthOf((await config()).meters, 0)
    const gone = await client.get(`/fleet/meters/${row.id}`).loginAs(user)
    gone.assertStatus(404)
    const names = (await collector.rows('audit_events')).map(({ name }) => name)
    assert.includeMembers(names, [
      'fleet.meter.added',
      'fleet.meter.changed',
      'fleet.meter.removed',
    ])
  })

  const refused: [name: string, values: object, sentence: string][] = [
    ['an address outside of the ranges', { ip: '10.8.0.5' }, 'The collector may not look there'],
    ['no address', { ip: '10.9.0.500' }, 'This is no IPv4 address'],
    ['a poll too often', { pollSeconds: 5 }, 'pollSeconds'],
    ['no registers', { map: 'generic' }, 'Another device needs its registers'],
    ['registers that are no JSON', { map: 'generic', registers: 'x' }, 'This is no list in JSON'],
    [
      'a register that writes',
      { map: 'generic', registers: '[{"field":"power_w","address":1,"type":"u16","fn":6}]' },
      '0.fn: not_allowed',
    ],
  ]
  for (const [name, values, sentence] of refused) {
    test(`refuse ${name}, beside its field`, async ({ client, assert }) => {
      const collector = await site()
      const answer = await client
        .post('/fleet/meters')
        .header('referer', `http://127.0.0.1:${process.env.PORT}/fleet/meters/create`)
        .form({ ...FORM, collectorId: collector.id, ...values })
        .loginAs(await owner(collector))
        .withCsrfToken()
      if (sentence !== 'pollSeconds') answer.assertTextIncludes(sentence)
      assert.lengthOf(await collector.rows('fleet_meters'), 0)
    })
  }

  test('refuse the same unit twice', async ({ client, assert }) => {
    const collector = await site()
    await makeMeter(collector)
    const answer = await client
      .post('/fleet/meters')
      .header('referer', `http://127.0.0.1:${process.env.PORT}/fleet/meters/create`)
      .form({ ...FORM, collectorId: collector.id })
      .loginAs(await owner(collector))
      .withCsrfToken()
    answer.assertTextIncludes('This unit at this address is read already')
    assert.lengthOf(await collector.rows('fleet_meters'), 1)
  })

  test('are not for clients, not for operators to change, and not for others', async ({
    client,
    assert,
  }) => {
    const collector = await site()
    const meter = await makeMeter(collector)
    const stranger = await site()
    const { user: customer } = await makeMember(collector.tenant, 'client')
    const { user: operator } = await makeMember(collector.tenant, 'operator')
    const otherSite = await asSystem(collector.tenant, () => makeSite())
    const { user: elsewhere } = await makeMember(collector.tenant, 'operator', {
      siteIds: [otherSite],
    })
    const status = async (user: typeof customer, url: string) =>
      (await client.get(url).loginAs(user)).status()
    const url = `/fleet/meters/${meter.id}`
    assert.equal(await status(customer, '/fleet/meters'), 403)
    assert.equal(await status(customer, url), 403)
    assert.equal(await status(operator, url), 200)
    assert.equal(await status(operator, `${url}/edit`), 403)
    assert.equal(await status(elsewhere, url), 404)
    assert.equal(await status(await owner(stranger), url), 404)
    for (const path of ['/fleet/meters', url, `${url}/removal`]) {
      const answer = await client.post(path).form(FORM).loginAs(operator).withCsrfToken()
      answer.assertStatus(403)
    }
    const foreign = await client
      .post(`${url}/removal`)
      .loginAs(await owner(stranger))
      .withCsrfToken()
    foreign.assertStatus(404)
    const index = await client.get('/fleet/meters').loginAs(elsewhere)
    assert.notInclude(index.text(), meter.name)
    assert.isNull((await collector.rows('fleet_meters'))[0].removed_at)
  })

  test('show what their miners do not account for; what is missing is missing', async ({
    client,
    assert,
  }) => {
    const collector = await site()
    const user = await owner(collector)
    const meter = await makeMeter(collector)
    await collector.send([], { meters: [readingOf(meter, { power_w: 250_000 })] })
    const silent = await client.get('/fleet/meters').loginAs(user)
    silent.assertTextIncludes('250')
    silent.assertTextIncludes('No miner says its power now')
    silent.assertTextIncludes('Both sides must be known')
    await collector.found([{}])
    const [miner] = await collector.rows('fleet_miners')
    await collector.send([
      {
        miner: miner.miner_key,
        at: Date.now(),
        poll_ms: 9,
        outcome: 'ok',
        state: 'mining',
        ip: miner.ip,
        hashrate_ths: 100,
        wattage_w: 200_000,
      },
    ])
    const page = await client.get('/fleet/meters').loginAs(user)
    page.assertTextIncludes('20.0 % of what is metered')
    const chinese = await client.get('/fleet/meters').loginAs(user).withSession({ locale: 'zh' })
    chinese.assertTextIncludes('计量功率')
    for (const { text } of [page, chinese].map((one) => ({ text: one.text() }))) {
      assert.notMatch(text, /fleet_(meters|devices)\./)
    }
  })

  test('draw their history in every range, and show the counter', async ({ client, assert }) => {
    const collector = await site()
    const user = await owner(collector)
    const meter = await makeMeter(collector)
    const start = Date.now() - (Date.now() % BUCKET) - 3 * BUCKET
    const meters = Array.from({ length: 25 }, (_, index) =>
      readingOf(meter, { at: start + index * 30_000, energy_import_wh: 7000 + 100 * index })
    )
    await collector.send([], { meters })
    await rollUp(collector)
    for (const range of ['24h', '7d', '30d']) {
      const page = await client.get(`/fleet/meters/${meter.id}?range=${range}`).loginAs(user)
      page.assertStatus(200)
      page.assertTextIncludes('Mean power of')
      page.assertTextIncludes('9.400 kWh')
      assert.notInclude(page.text(), 'No history in this range')
    }
  })

  test('are told to programs with their intervals', async ({ client, assert }) => {
    const collector = await site()
    const meter = await makeMeter(collector)
    const start = Date.now() - (Date.now() % (3 * BUCKET)) - 6 * BUCKET
    const meters = Array.from({ length: 31 }, (_, index) =>
      readingOf(meter, { at: start + index * 30_000, energy_import_wh: 2_000_000 + 100 * index })
    )
    await collector.send([], { meters })
    await rollUp(collector)
    const { user } = await makeMember(collector.tenant, 'operator')
    const token = bearer((await tokenFor(user, ['fleet.meter.view'])).text)
    const list = await client.get('/api/v1/telemetry/meters').header('authorization', token)
    assert.equal(list.body().data[0].values.energy_import_wh, 2_003_000)
    assert.isNull(list.body().data[0].values.power_w)
    const url = `/api/v1/telemetry/meters/${meter.id}/intervals`
    const query = `from=${new Date(start).toISOString()}&to=${new Date(start + 3 * BUCKET).toISOString()}`
    const answer = await client.get(`${url}?${query}`).header('authorization', token)
    assert.deepEqual(
      answer
        .body()
        .data.map(({ start: at, energyWh, demandW, coverage, powerEnergyWh }: any) => [
          Date.parse(at),
          energyWh,
          demandW,
          coverage,
          powerEnergyWh,
        ]),
      [[start, 3000, 12_000, 1, null]]
    )
    const nobody = await client.get(`${url}?${query}`)
    nobody.assertStatus(401)
    const other = bearer((await tokenFor(user, ['fleet.miner.view'])).text)
    const refusal = await client.get(`${url}?${query}`).header('authorization', other)
    refusal.assertStatus(403)
  })
})
