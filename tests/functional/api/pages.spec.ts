import { test } from '@japa/runner'
import { hashToken, isTokenShaped } from '#services/token_format'
import { makeMember, makeTenant } from '#tests/helpers'
import { bearer, inTenant, override, tokenFor } from '#tests/functional/api/helpers'

const TOKEN = /hi_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/

test.group('The page of API tokens', () => {
  test('make a token, show it once and let it in', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const made = await client
      .post('/tokens')
      .loginAs(user)
      .withCsrfToken()
      .form({ 'name': 'Export <b>', 'days': '90', 'scopes[]': ['core.site.view'] })
    made.assertStatus(200)
    assert.equal(made.header('cache-control'), 'no-store')
    const text = TOKEN.exec(made.text())![0]
    assert.isTrue(isTokenShaped(text))
    assert.notInclude(made.text(), 'Export <b>')
    const again = await client.get('/tokens').loginAs(user)
    assert.notMatch(again.text(), TOKEN)
    assert.include(again.text(), text.slice(0, 11))
    const [row] = await inTenant(tenant, (trx) => trx.from('api_tokens'))
    assert.isTrue(row.token_hash.equals(hashToken(text)))
    assert.notInclude(JSON.stringify(row), text)
    const answer = await client.get('/api/v1/me').header('Authorization', bearer(text))
    assert.deepEqual(answer.body().permissions, ['core.site.view'])
    assert.equal(answer.body().tenant.id, tenant.id)
  })

  test('refuse more than 90 days, no scope, no name and a scope not held', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const good = { 'name': 'x', 'days': '30', 'scopes[]': ['core.site.view'] }
    const wrong = [
      { ...good, days: '91' },
      { ...good, days: '0' },
      { ...good, name: '' },
      { 'name': 'x', 'days': '30', 'scopes[]': [] as string[] },
      { ...good, 'scopes[]': ['core.user.edit'] },
    ]
    for (const form of wrong) {
      const request = client.post('/tokens').loginAs(user).withCsrfToken().redirects(0)
      const response = await request.form(form)
      assert.notEqual(response.status(), 200)
      assert.notMatch(response.text(), TOKEN)
    }
    const rows = await inTenant(tenant, (trx) => trx.from('api_tokens'))
    assert.lengthOf(rows, 0)
  })

  test('revoke an own token at once, and not that of a colleague or of another company', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const { user: colleague } = await makeMember(tenant, 'mining_site_owner')
    const { user: stranger } = await makeMember(await makeTenant(), 'mining_site_owner')
    const { id, text } = await tokenFor(user, ['core.site.view'])
    const revoke = (person: typeof user, token: string) =>
      client.post(`/tokens/${token}/revocation`).loginAs(person).withCsrfToken().redirects(0)
    const ask = () => client.get('/api/v1/me').header('Authorization', bearer(text))
    for (const person of [colleague, stranger]) {
      assert.equal((await revoke(person, id)).status(), 404)
    }
    assert.equal((await revoke(user, 'x')).status(), 404)
    assert.equal((await ask()).status(), 200)
    assert.equal((await revoke(user, id)).status(), 302)
    assert.equal((await ask()).status(), 401)
    assert.equal((await revoke(user, id)).status(), 404)
    const events = await inTenant(tenant, (trx) =>
      trx.from('audit_events').where('subject_id', id).orderBy('id')
    )
    assert.deepEqual(
      events.map(({ name }) => name),
      ['core.token.created', 'core.token.revoked']
    )
  })

  test('ask a guest to sign in and refuse a role without the permission', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const guest = await client.get('/tokens').redirects(0)
    assert.equal(guest.header('location'), '/sign-in')
    await override(tenant, 'client', 'core.token.edit')
    const { user } = await makeMember(tenant, 'client')
    const response = await client.get('/tokens').loginAs(user)
    response.assertStatus(403)
  })

  test('speak Chinese', async ({ client }) => {
    const { user } = await makeMember(await makeTenant(), 'operator', { locale: 'zh' })
    const response = await client.get('/tokens').loginAs(user)
    response.assertStatus(200)
    response.assertTextIncludes('API 令牌')
  })
})
