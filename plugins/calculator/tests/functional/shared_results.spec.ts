import { createHash } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import { inTenant } from '#tests/functional/api/helpers'
import { makeMember, makeTenant, type TestTenant } from '#tests/helpers'
import { INVESTED, linkIn, post, QUESTION, save } from '../support/scenarios.js'

const LIST = '/calculator/scenarios'

const shareOf = async (tenant: TestTenant) => {
  const [row] = await inTenant(tenant, (trx) =>
    trx.from('calculator_shares').where('tenant_id', tenant.id)
  )
  return row
}

const change = (tenant: TestTenant, values: object) =>
  inTenant(tenant, (trx) =>
    trx.from('calculator_shares').where('tenant_id', tenant.id).update(values)
  )

async function shared(client: ApiClient, wish: Parameters<typeof save>[2] = {}) {
  const tenant = await makeTenant('Aurora Mining')
  const { user } = await makeMember(tenant, 'operator', { fullName: 'Ada Operator' })
  const id = await save(client, user, wish)
  const page = await post(client, `${LIST}/${id}/shares`, user, { days: 30, of: 'now' })
  return { tenant, user, id, page, link: linkIn(page.text())! }
}

test.group('A link to a result', () => {
  test('show a guest the frozen result, its inputs and sources, who shared it, and no more', async ({
    client,
    assert,
  }) => {
    const { link, tenant } = await shared(client, { name: 'For a friend', note: 'secret margin' })
    const response = await client.get(link)
    response.assertStatus(200)
    for (const text of ['For a friend', 'Aurora Mining', '$6,030.91', '$0.05/kWh']) {
      response.assertTextIncludes(text)
    }
    for (const text of ['secret margin', 'Ada Operator', tenant.id, tenant.slug]) {
      assert.notInclude(response.text(), text)
    }
    response.assertHeader('x-robots-tag', 'noindex, nofollow, noarchive')
    response.assertHeader('referrer-policy', 'no-referrer')
    response.assertHeader('cache-control', 'no-store')
    response.assertTextIncludes('<meta name="robots" content="noindex, nofollow, noarchive">')
    const paper = await client.get(`${link}/print`)
    paper.assertStatus(200)
    paper.assertTextIncludes('Shared by Aurora Mining')
    paper.assertHeader('referrer-policy', 'no-referrer')
    assert.notInclude(paper.text(), 'secret margin')
  })

  test('keep the margin and the energy costs of the host from the client who gets it', async ({
    client,
    assert,
  }) => {
    const query = {
      ...INVESTED,
      usdPerKwh: '0.0371',
      demandUsdPerKwMonth: '2.25',
      hosting: 'flat',
      hostingUsdPerKwh: '0.08',
    }
    const { link, tenant, user, id } = await shared(client, { name: 'Offer', query })
    const own = await client.get(`/calculator/scenarios/${id}`).loginAs(user)
    own.assertTextIncludes('Host’s margin')
    const { frozen } = await shareOf(tenant)
    assert.isNull(frozen.answer.future.totals.books.host)
    assert.notProperty(frozen.again, 'usdPerKwh')
    assert.notProperty(frozen.again, 'demandUsdPerKwMonth')
    const paper = await client.get(`/calculator/scenarios/${id}/print`).loginAs(user)
    const pages = [await client.get(link), await client.get(`${link}/print`), paper]
    for (const page of pages) {
      page.assertStatus(200)
      page.assertTextIncludes('Left to the client')
      for (const secret of ['Host’s margin', '0.0371', '2.25']) {
        assert.notInclude(page.text(), secret)
      }
    }
  })

  test('show it neither by a link that was frozen with it', async ({ client, assert }) => {
    const query = { ...INVESTED, hosting: 'flat', hostingUsdPerKwh: '0.08', usdPerKwh: '0.0371' }
    const { link, tenant } = await shared(client, { name: 'Old offer', query })
    const { frozen } = await shareOf(tenant)
    const host = { revenueCents: '9', energyCents: '5', demandCents: '0', marginCents: '4' }
    frozen.answer.future.totals.books.host = host
    frozen.again.usdPerKwh = '0.0371'
    await change(tenant, { frozen: JSON.stringify(frozen) })
    const page = await client.get(link)
    page.assertTextIncludes('Left to the client')
    assert.notInclude(page.text(), 'Host’s margin')
    assert.notInclude(page.text(), '0.0371')
  })

  test('keep only the hash of its secret, count visits of others, and be shown once', async ({
    client,
    assert,
  }) => {
    const { link, tenant, user, id, page } = await shared(client)
    page.assertTextIncludes('Copy it now: it is shown only once.')
    const token = link.split('/').at(-1)!
    const row = await shareOf(tenant)
    assert.deepEqual(row.token_hash, createHash('sha256').update(token).digest())
    assert.notInclude(JSON.stringify(row), token)
    const again = await client.get(`${LIST}/${id}`).loginAs(user)
    assert.notInclude(again.text(), token)
    await client.get(link)
    await client.get(link)
    await client.get(link).loginAs(user)
    assert.equal((await shareOf(tenant)).views, 2)
    const days = (row.expires_at.getTime() - Date.now()) / 86_400_000
    assert.closeTo(days, 30, 0.01)
  })

  test('not change with the scenario or the market', async ({ client, assert }) => {
    const { link, user, id } = await shared(client, { name: 'Before' })
    await post(client, `${LIST}/${id}`, user, { name: 'After' })
    const response = await client.get(link)
    response.assertTextIncludes('Before')
    assert.notInclude(response.text(), 'After')
  })

  test('end by itself, by being revoked, with its company and with the plugin', async ({
    client,
    assert,
  }) => {
    const { link, tenant, user, id } = await shared(client)
    const status = async () => (await client.get(link)).status()
    const day = 86_400_000
    assert.equal(await status(), 200)
    await change(tenant, { expires_at: new Date(Date.now() - 1000) })
    assert.equal(await status(), 404)
    await change(tenant, { expires_at: new Date(Date.now() + day) })
    assert.equal(await status(), 200)
    const login = db.connection('login')
    await login.from('tenants').where('id', tenant.id).update({ suspended_at: new Date() })
    assert.equal(await status(), 404)
    await login.from('tenants').where('id', tenant.id).update({ suspended_at: null })
    for (const plugin of ['calculator', 'market']) {
      const off = { tenant_id: tenant.id, plugin, enabled: false }
      await inTenant(tenant, (trx) => trx.table('tenant_plugins').insert(off))
      assert.equal(await status(), 404, plugin)
      await inTenant(tenant, (trx) => trx.from('tenant_plugins').where(off).delete())
    }
    assert.equal(await status(), 200)
    const shareId = (await shareOf(tenant)).id
    await post(client, `${LIST}/${id}/shares/${shareId}/revocation`, user)
    const gone = await client.get(link)
    gone.assertStatus(404)
    gone.assertTextIncludes('This link does not exist or no longer works.')
    const unknown = await client.get(`/calculator/shared/${'x'.repeat(43)}`)
    unknown.assertTextIncludes('This link does not exist or no longer works.')
    const events = await inTenant(tenant, (trx) =>
      trx.from('audit_events').where('tenant_id', tenant.id).orderBy('id').select('name')
    )
    assert.deepEqual(
      events.map(({ name }) => name),
      ['calculator.scenario.saved', 'calculator.scenario.shared', 'calculator.scenario.unshared']
    )
  })

  test('ask again with what was typed, and with figures instead of names of the company', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'mining_site_owner')
    const model = { name: 'Tuned S19', hashrateThs: '92', powerW: '2350', note: 'bench 7, private' }
    const models = await post(client, '/calculator/models', user, model)
    models.assertStatus(302)
    const [own] = await inTenant(tenant, (trx) =>
      trx.from('calculator_own_models').where('tenant_id', tenant.id)
    )
    await inTenant(tenant, (trx) =>
      trx.table('plugin_settings').insert({
        tenant_id: tenant.id,
        plugin: 'calculator',
        values: JSON.stringify({ usdPerKwh: 0.031 }),
      })
    )
    const query = { modelId: own.id, count: '10', btcUsd: '90000', difficulty: '1e14' }
    const id = await save(client, user, { name: 'Own', query })
    const page = await post(client, `${LIST}/${id}/shares`, user, { of: 'saved' })
    const response = await client.get(linkIn(page.text())!)
    response.assertStatus(200)
    assert.notInclude(response.text(), 'bench 7')
    assert.notInclude(response.text(), own.id)
    response.assertTextIncludes('company setting')
    const [, address] = /href="\/calculator\?([^"]+)"/.exec(response.text())!
    const again = Object.fromEntries(new URLSearchParams(address!.replaceAll('&amp;', '&')))
    assert.deepEqual(again, {
      count: '10',
      btcUsd: '90000',
      difficulty: '1e14',
      hashrateThs: '92',
      powerW: '2350',
      usdPerKwh: '0.031',
    })
    const calculator = await client.get('/calculator').qs(again)
    calculator.assertStatus(200)
    calculator.assertTextIncludes('calculator-answer')
  })

  test('refuse a term that is too long and a link of another scenario', async ({
    client,
    assert,
  }) => {
    const { tenant, user, id } = await shared(client)
    const long = await post(client, `${LIST}/${id}/shares`, user, { days: 366, of: 'now' })
    long.assertStatus(302)
    const other = await save(client, user, { query: QUESTION })
    const shareId = (await shareOf(tenant)).id
    const crossed = await post(client, `${LIST}/${other}/shares/${shareId}/revocation`, user)
    crossed.assertStatus(404)
    assert.isNull((await shareOf(tenant)).revoked_at)
  })

  test('limit guests by their network', async ({ client, assert }) => {
    const { link } = await shared(client)
    let last = await client.get(link)
    for (let index = 0; index < 70 && last.status() === 200; index++) last = await client.get(link)
    assert.equal(last.status(), 429)
  }).teardown(async () => {
    await db.connection('login').from('rate_limits').delete()
  })
})
