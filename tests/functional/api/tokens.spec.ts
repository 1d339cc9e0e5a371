import config from '@adonisjs/core/services/config'
import db from '@adonisjs/lucid/services/db'
import type { ApiResponse } from '@japa/api-client'
import { test } from '@japa/runner'
import type { Assert } from '@japa/assert'
import { newId } from '#core/ids'
import { asSystem, makeCustomer, makeMember, makeSite, makeTenant } from '#tests/helpers'
import { bearer, inTenant, override, tokenFor } from '#tests/functional/api/helpers'

const refused = (assert: Assert, response: ApiResponse, status: number, code: string) => {
  assert.equal(response.status(), status, response.text())
  assert.equal(response.header('content-type'), 'application/problem+json')
  const problem = JSON.parse(response.text())
  assert.equal(problem.code, code)
  assert.equal(problem.status, status)
  assert.equal(problem.type, `urn:hashinsight:problem:${code}`)
  assert.isString(problem.title)
  return problem
}

const member = async () => {
  const tenant = await makeTenant()
  return { tenant, ...(await makeMember(tenant, 'operator')) }
}

test.group('API tokens', () => {
  test('refuse a request without a token, and one with a session cookie alone', async ({
    client,
    assert,
  }) => {
    const { user } = await member()
    const bare = await client.get('/api/v1/me')
    refused(assert, bare, 401, 'E_TOKEN_NEEDED')
    assert.include(bare.header('www-authenticate'), 'Bearer')
    refused(assert, await client.get('/api/v1/me').loginAs(user), 401, 'E_TOKEN_NEEDED')
    const basic = client.get('/api/v1/me').header('Authorization', 'Basic YTpi')
    refused(assert, await basic, 401, 'E_TOKEN_NEEDED')
  })

  test('refuse what is no token and a token with a typo before asking the database', async ({
    client,
    assert,
  }) => {
    const { user } = await member()
    const { text } = await tokenFor(user, ['core.site.view'])
    const flipped = text.slice(0, 20) + (text[20] === 'a' ? 'b' : 'a') + text.slice(21)
    for (const wrong of ['x', 'hi_a_b_c', text.slice(0, -1), `${text}0`, flipped]) {
      const response = await client.get('/api/v1/me').header('Authorization', bearer(wrong))
      refused(assert, response, 401, 'E_TOKEN_MALFORMED')
    }
  })

  test('give the same answer to an unknown, revoked and expired token and to an owner without access', async ({
    client,
    assert,
  }) => {
    const past = new Date(Date.now() - 1)
    const login = db.connection('login')
    const change = (table: string, id: string, values: object) => (tenant: { id: string }) =>
      inTenant(tenant, (trx) => trx.from(table).where('id', id).update(values))
    type Ids = { tenant: { id: string }; token: string; user: string; membership: string }
    const spoil: Record<string, (ids: Ids) => PromiseLike<unknown>> = {
      unknown: ({ tenant, token }) =>
        inTenant(tenant, (trx) => trx.from('api_tokens').where('id', token).delete()),
      revoked: ({ tenant, token }) => change('api_tokens', token, { revoked_at: past })(tenant),
      expired: ({ tenant, token }) => change('api_tokens', token, { expires_at: past })(tenant),
      suspended: ({ user }) => login.from('users').where('id', user).update({ suspended_at: past }),
      ended: ({ tenant, membership }) =>
        change('memberships', membership, { valid_until: past })(tenant),
      paused: ({ tenant, membership }) =>
        change('memberships', membership, { suspended_at: past })(tenant),
      companySuspended: ({ tenant }) =>
        login.from('tenants').where('id', tenant.id).update({ suspended_at: past }),
    }
    for (const [name, act] of Object.entries(spoil)) {
      const { tenant, user, membershipId } = await member()
      const { id, text } = await tokenFor(user, ['core.site.view'])
      const ask = () => client.get('/api/v1/me').header('Authorization', bearer(text))
      assert.equal((await ask()).status(), 200, name)
      await act({ token: id, user: user.id, membership: membershipId, tenant })
      const { requestId: _, ...problem } = refused(assert, await ask(), 401, 'E_TOKEN_INVALID')
      assert.deepEqual(Object.keys(problem).sort(), ['code', 'status', 'title', 'type'], name)
    }
  })

  test('refuse what the scopes do not name though the owner may', async ({ client, assert }) => {
    const { user } = await member()
    const { text } = await tokenFor(user, ['core.site.view'])
    const ask = (path: string) => client.get(path).header('Authorization', bearer(text))
    assert.equal((await ask('/api/v1/sites')).status(), 200)
    refused(assert, await ask('/api/v1/customers'), 403, 'E_FORBIDDEN')
  })

  test('take a permission from the token when its owner loses it', async ({ client, assert }) => {
    const { tenant, user } = await member()
    const { text } = await tokenFor(user, ['core.*'])
    const ask = () => client.get('/api/v1/sites').header('Authorization', bearer(text))
    assert.equal((await ask()).status(), 200)
    await override(tenant, 'operator', 'core.site.view')
    refused(assert, await ask(), 403, 'E_FORBIDDEN')
  })

  test('never carry the rights of platform staff', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator', { platformRole: 'owner' })
    const { text } = await tokenFor(user, ['core.*'])
    const response = await client.get('/api/v1/me').header('Authorization', bearer(text))
    const { permissions, role } = response.body()
    assert.equal(role, 'operator')
    assert.include(permissions, 'core.site.view')
    assert.notInclude(permissions, 'core.platform.view')
  })

  test('refuse to make a token with a scope that its owner does not hold', async ({ assert }) => {
    const { user } = await member()
    for (const scope of ['core.user.view', 'core.platform.view', 'nothing.*', '*', 'core.site']) {
      await assert.rejects(() => tokenFor(user, ['core.site.view', scope]), /You do not hold/)
    }
  })

  test('answer a foreign id, a missing id and a wrong id alike', async ({ client, assert }) => {
    const [mine, other] = [await member(), await makeTenant()]
    const { text } = await tokenFor(mine.user, ['core.site.view', 'core.customer.view'])
    const [foreignSite, ownSite] = [
      await asSystem(other, () => makeSite()),
      await asSystem(mine.tenant, () => makeSite()),
    ]
    const foreignCustomer = await asSystem(other, () => makeCustomer())
    const ask = (path: string) =>
      client.get(`/api/v1/${path}`).header('Authorization', bearer(text))
    const own = await ask(`sites/${ownSite}`)
    assert.equal(own.body().id, ownSite)
    const paths = ['sites', 'customers'].flatMap((list) =>
      [foreignSite, foreignCustomer, newId(), 'x'].map((id) => `${list}/${id}`)
    )
    const problems = new Set<string>()
    for (const path of paths) {
      const { requestId: _, ...problem } = refused(assert, await ask(path), 404, 'E_NOT_FOUND')
      problems.add(JSON.stringify(problem))
    }
    assert.equal(problems.size, 1)
  })

  test('see only the sites and the customer that the membership reaches', async ({
    client,
    assert,
  }) => {
    const tenant = await makeTenant()
    const [seen] = await asSystem(tenant, async () => [await makeSite(), await makeSite()])
    const { user } = await makeMember(tenant, 'operator', { siteIds: [seen!] })
    const { text } = await tokenFor(user, ['core.*'])
    const response = await client.get('/api/v1/sites').header('Authorization', bearer(text))
    assert.deepEqual(
      response.body().data.map((row: { id: string }) => row.id),
      [seen]
    )
  })

  test('speak the language that the caller asks for', async ({ client, assert }) => {
    const ask = (language: string) => client.get('/api/v1/me').header('Accept-Language', language)
    const [english, chinese] = [await ask('en'), await ask('zh-CN,zh;q=0.9')]
    const [en, zh] = [english, chinese].map((answer) =>
      refused(assert, answer, 401, 'E_TOKEN_NEEDED')
    )
    assert.match(en.title, /^Send an API token/)
    assert.match(zh.title, /请/)
    assert.equal(chinese.header('content-language'), 'zh')
  })

  test('answer unknown paths with problem details, whatever the caller accepts', async ({
    client,
    assert,
  }) => {
    for (const path of ['/api', '/api/', '/api/v1/nothing', '/api/v2', '/api/v1/sites/1/2']) {
      const response = await client.get(path).header('Accept', 'text/html')
      refused(assert, response, 404, 'E_ROUTE_NOT_FOUND')
    }
  })

  test('refuse after too many requests and say when to come back', async ({
    client,
    assert,
    cleanup,
  }) => {
    const usual = config.get<number>('api.requestsPerMinute')
    config.set('api.requestsPerMinute', 3)
    cleanup(() => config.set('api.requestsPerMinute', usual))
    const { user } = await member()
    const [first, second] = [
      await tokenFor(user, ['core.site.view']),
      await tokenFor(user, ['core.site.view']),
    ]
    const ask = (text: string) =>
      client.get('/api/v1/me').header('Authorization', bearer(text)).header('Accept-Language', 'zh')
    for (const left of [2, 1, 0]) {
      const response = await ask(first.text)
      assert.equal(response.status(), 200)
      assert.equal(response.header('ratelimit-limit'), '3')
      assert.equal(response.header('ratelimit-remaining'), String(left))
    }
    const response = await ask(first.text)
    const problem = refused(assert, response, 429, 'E_RATE_LIMITED')
    const wait = Number(response.header('retry-after'))
    assert.isTrue(wait >= 1 && wait <= 60)
    assert.include(problem.title, String(wait))
    assert.equal((await ask(second.text)).status(), 200)
  })

  test('note the use of a token at most once a minute, and keep its secret out of the audit log', async ({
    client,
    assert,
  }) => {
    const { tenant, user } = await member()
    const { id, text } = await tokenFor(user, ['core.site.view'])
    const usedAt = async () => {
      const [row] = await inTenant(tenant, (trx) => trx.from('api_tokens').where('id', id))
      return row.last_used_at as Date | null
    }
    const ask = () => client.get('/api/v1/me').header('Authorization', bearer(text))
    assert.isNull(await usedAt())
    await ask()
    const first = await usedAt()
    assert.isNotNull(first)
    await ask()
    assert.deepEqual(await usedAt(), first)
    await inTenant(tenant, (trx) =>
      trx
        .from('api_tokens')
        .where('id', id)
        .update({ last_used_at: new Date(Date.now() - 61_000) })
    )
    await ask()
    assert.isTrue((await usedAt())! >= first!)
    const [event] = await inTenant(tenant, (trx) =>
      trx.from('audit_events').where({ name: 'core.token.created', subject_id: id })
    )
    assert.equal(event.actor_id, user.id)
    assert.notInclude(JSON.stringify(event.payload), text)
  })
})
