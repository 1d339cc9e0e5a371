import { test } from '@japa/runner'
import { inTenant, override } from '#tests/functional/api/helpers'
import { asSystem, makeCustomer, makeMember, makeTenant } from '#tests/helpers'
import { forgetMarket, storeMarket } from '../support/market.js'
import { post, QUESTION, save } from '../support/scenarios.js'

const LIST = '/calculator/scenarios'

const eventsOf = async (tenant: { id: string }): Promise<[string, string][]> => {
  const rows = await inTenant(tenant, (trx) =>
    trx.from('audit_events').where('tenant_id', tenant.id).orderBy('id').select('name', 'payload')
  )
  return rows
    .filter(({ name }) => name.startsWith('calculator.'))
    .map(({ name, payload }) => [name, payload.facts.name])
}

const rowOf = async (tenant: { id: string }, id: string) => {
  const [row] = await inTenant(tenant, (trx) =>
    trx.from('calculator_scenarios').where({ tenant_id: tenant.id, id })
  )
  return row
}

test.group('Scenarios', () => {
  test('keep a question with the answer of the moment, and list it with the one of now', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator', { fullName: 'Ada Operator' })
    const id = await save(client, user, { name: 'Golden fleet', note: 'for the board' })
    const row = await rowOf(tenant, id)
    assert.deepEqual(row.query, QUESTION)
    // Handbook: 0.10290911 BTC × $100,000 − 3,550 kW × 24 h × $0.05.
    assert.equal(String(row.profit_cents), '603091')
    assert.isNull(row.customer_id)
    assert.equal(row.answer.day.sources.btcUsd.source, 'typed')
    const list = await client.get(LIST).loginAs(user)
    list.assertStatus(200)
    for (const text of ['Golden fleet', 'Ada Operator', '$6,030.91']) list.assertTextIncludes(text)
    const page = await client.get(`${LIST}/${id}`).loginAs(user)
    page.assertStatus(200)
    for (const text of ['for the board', '$6,030.91', '$41,396']) page.assertTextIncludes(text)
    assert.deepEqual(await eventsOf(tenant), [['calculator.scenario.saved', 'Golden fleet']])
  })

  test('show then and now when the market has moved, and what was typed stays', async ({
    client,
    assert,
  }) => {
    const { btcUsd: _, ...open } = QUESTION
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const hour = (n: number) => new Date(Date.now() - n * 3_600_000)
    await storeMarket([{ series: 'price_usd', value: 100_000, at: hour(2) }])
    const id = await save(client, user, { query: open })
    await storeMarket([{ series: 'price_usd', value: 50_000, at: hour(1) }])
    const page = await client.get(`${LIST}/${id}`).loginAs(user)
    // Half the revenue: 10,290.91 / 2 − 4,260.00 = 885.46.
    for (const text of ['$6,030.91', '$885.46', '−$5,145.46']) page.assertTextIncludes(text)
    page.assertTextIncludes('test market, sources agree')
    const list = await client.get(LIST).qs({ format: 'csv' }).loginAs(user)
    const [, line] = list.text().trim().split('\r\n')
    assert.match(line!, /^Golden,,885\.46,6030\.91,/)
  }).teardown(forgetMarket)

  test('say why there is no answer now instead of failing the page', async ({ client, assert }) => {
    const { btcUsd: _, ...open } = QUESTION
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    await storeMarket([{ series: 'price_usd', value: 100_000, at: new Date() }])
    const id = await save(client, user, { query: open })
    await forgetMarket()
    const page = await client.get(`${LIST}/${id}`).loginAs(user)
    page.assertStatus(200)
    page.assertTextIncludes('Type a bitcoin price: none is stored.')
    page.assertTextIncludes('$6,030.91')
    const list = await client.get(LIST).loginAs(user)
    list.assertTextIncludes('Type a bitcoin price: none is stored.')
    const print = await client.get(`${LIST}/${id}/print`).loginAs(user).redirects(0)
    print.assertHeader('location', `${LIST}/${id}`)
    assert.notInclude(page.text(), 'NaN')
  }).teardown(forgetMarket)

  test('change their name and note, are duplicated, archived and brought back, each tracked', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const id = await save(client, user, { name: 'First' })
    await post(client, `${LIST}/${id}`, user, { name: 'Second', note: 'why' })
    await post(client, `${LIST}/${id}`, user, { name: 'Second', note: 'why' })
    const copied = await post(client, `${LIST}/${id}/copies`, user, { name: 'Third' })
    const copyId = copied.header('location')!.split('/').at(-1)!
    assert.deepEqual((await rowOf(tenant, copyId)).query, QUESTION)
    assert.equal((await rowOf(tenant, copyId)).note, 'why')

    const archived = await client
      .post(`${LIST}/${id}/archival`)
      .loginAs(user)
      .withCsrfToken()
      .header('hx-request', 'true')
    archived.assertHeader('hx-redirect', LIST)
    const list = await client.get(LIST).loginAs(user)
    assert.notInclude(list.text(), 'Second')
    assert.include(list.text(), 'Third')
    const all = await client.get(LIST).qs({ state: 'archived' }).loginAs(user)
    assert.include(all.text(), 'Second')
    await post(client, `${LIST}/${id}/restoration`, user)
    assert.include((await client.get(LIST).loginAs(user)).text(), 'Second')
    assert.deepEqual(await eventsOf(tenant), [
      ['calculator.scenario.saved', 'First'],
      ['calculator.scenario.renamed', 'Second'],
      ['calculator.scenario.saved', 'Third'],
      ['calculator.scenario.archived', 'Second'],
      ['calculator.scenario.restored', 'Second'],
    ])
  })

  test('sort and search as every table does', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    await save(client, user, { name: 'Dear', query: { ...QUESTION, usdPerKwh: '0.2' } })
    await save(client, user, { name: 'Cheap', query: { ...QUESTION, usdPerKwh: '0.01' } })
    const order = async (qs: object) => {
      const { text } = { text: (await client.get(LIST).qs(qs).loginAs(user)).text() }
      return [...text.matchAll(/<th scope="row"[^>]*><a [^>]*>([^<]+)</g)].map(([, name]) => name)
    }
    assert.deepEqual(await order({ sort: 'profit_saved' }), ['Dear', 'Cheap'])
    assert.deepEqual(await order({ sort: 'profit_saved', dir: 'desc' }), ['Cheap', 'Dear'])
    assert.deepEqual(await order({ q: 'chea' }), ['Cheap'])
  })

  test('belong to the customer of the client who saved them', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const customerId = await asSystem(tenant, () => makeCustomer())
    const { user: mine } = await makeMember(tenant, 'client', { customerId })
    const { user: colleague } = await makeMember(tenant, 'client', { customerId })
    const { user: rival } = await makeMember(tenant, 'client')
    const { user: operator } = await makeMember(tenant, 'operator')
    const id = await save(client, mine, { name: 'Of the client' })
    const house = await save(client, operator, { name: 'Of the house' })
    assert.equal((await rowOf(tenant, id)).customer_id, customerId)
    for (const [who, sees] of [
      [mine, true],
      [colleague, true],
      [operator, true],
      [rival, false],
    ] as const) {
      const page = await client.get(`${LIST}/${id}`).loginAs(who)
      assert.equal(page.status(), sees ? 200 : 404)
      assert.equal((await client.get(LIST).loginAs(who)).text().includes('Of the client'), sees)
    }
    const hidden = await client.get(`${LIST}/${house}`).loginAs(mine)
    assert.equal(hidden.status(), 404)
  })
})

test.group('Scenarios refuse', () => {
  test('a guest, a stranger and whoever lost the permission', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const { user: stranger } = await makeMember(await makeTenant(), 'operator')
    const id = await save(client, user)
    const guest = await client.get(LIST).redirects(0)
    guest.assertHeader('location', '/sign-in')
    for (const rest of ['', '/print', '/export.csv', '/export.xlsx']) {
      const theirs = await client.get(`${LIST}/${id}${rest}`).loginAs(stranger)
      assert.equal(theirs.status(), 404, rest)
    }
    for (const rest of ['', '/copies', '/archival', '/restoration', '/shares']) {
      const body = { name: 'Mine now', days: 1, of: 'now' }
      const theirs = await post(client, `${LIST}/${id}${rest}`, stranger, body)
      assert.equal(theirs.status(), 404, rest)
    }
    assert.equal((await rowOf(tenant, id)).name, 'Golden')
    await override(tenant, 'operator', 'calculator.scenario.edit')
    const denied = await post(client, `${LIST}/${id}/archival`, user)
    denied.assertStatus(403)
    const page = await client.get(`${LIST}/${id}`).loginAs(user)
    assert.notInclude(page.text(), 'scenario-share')
  })

  test('a question without an answer, and a name that is none', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const refused = async (body: object) => {
      const response = await client
        .post(LIST)
        .loginAs(user)
        .withCsrfToken()
        .header('referer', `http://127.0.0.1:${process.env.PORT}/calculator?hashrateThs=1`)
        .form(body)
      return response.text()
    }
    const asked = { 'query[hashrateThs]': '200', 'query[powerW]': '3550' }
    await refused({ name: 'Half', ...asked })
    await refused({ 'name': 'Wrong', ...asked, 'query[usdPerKwh]': 'cheap' })
    await refused({ name: '  ', ...asked })
    const rows = await inTenant(tenant, (trx) =>
      trx.from('calculator_scenarios').where('tenant_id', tenant.id)
    )
    assert.lengthOf(rows, 0)
  })

  test('fields that the calculator does not know are not kept', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const query = { ...QUESTION, constructor: 'x', evil: '<script>', note: 'x' }
    const id = await save(client, user, { query })
    assert.deepEqual((await rowOf(tenant, id)).query, QUESTION)
  })
})
