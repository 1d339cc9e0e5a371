import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'
import { bearer, inTenant, tokenFor } from '#tests/functional/api/helpers'

test.group('Endpoints of plugins', () => {
  const setUp = async () => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const { text } = await tokenFor(user, ['calculator.*', 'market.series.view'])
    return { tenant, authorization: bearer(text) }
  }

  test('answer within their schemas and refuse bad input beside its field', async ({
    client,
    assert,
  }) => {
    const { authorization } = await setUp()
    const latest = await client.get('/api/v1/market/latest').header('Authorization', authorization)
    assert.equal(latest.status(), 200)
    assert.deepEqual(Object.keys(latest.body()), ['data'])
    const ask = (body: object) =>
      client.post('/api/v1/calculator/profit').header('Authorization', authorization).json(body)
    const question = {
      hashrateThs: 200,
      powerW: 3500,
      usdPerKwh: 0.05,
      poolFeePct: 2,
      btcUsd: 100_000,
      difficulty: 120e12,
      subsidySats: 312_500_000,
    }
    const answer = await ask(question)
    assert.equal(answer.status(), 200, answer.text())
    assert.equal(answer.body().kwhPerDay, 84)
    assert.isAbove(answer.body().explain.length, 3)
    const refused = await ask({ ...question, powerW: -1 })
    assert.equal(refused.status(), 422)
    assert.equal(JSON.parse(refused.text()).errors[0].field, 'powerW')
  })

  test('not exist where the tenant switched the plugin off', async ({ client, assert }) => {
    const { tenant, authorization } = await setUp()
    await inTenant(tenant, (trx) =>
      trx
        .table('tenant_plugins')
        .insert({ tenant_id: tenant.id, plugin: 'calculator', enabled: false })
    )
    const request = client.post('/api/v1/calculator/profit').json({})
    const response = await request.header('Authorization', authorization)
    assert.equal(response.status(), 404)
    assert.equal(response.header('content-type'), 'application/problem+json')
  })
})
