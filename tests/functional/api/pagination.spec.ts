import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import { newId } from '#core/ids'
import { makeMember, makeTenant, unique } from '#tests/helpers'
import { bearer, inTenant, tokenFor } from '#tests/functional/api/helpers'

/** Sites of which many share their moment, some by the microsecond only. */
async function manySites(tenantId: string, count: number) {
  const rows = Array.from({ length: count }, (_, i) => ({
    tenant_id: tenantId,
    id: newId(),
    code: unique('S'),
    name: `Site ${i}`,
    time_zone: 'UTC',
    created_at: `2026-01-01T00:00:00.00000${i % 3}Z`,
  }))
  await inTenant({ id: tenantId }, (trx) => trx.table('sites').multiInsert(rows))
  return rows.map(({ id }) => id)
}

async function owner() {
  const tenant = await makeTenant()
  const { user } = await makeMember(tenant, 'mining_site_owner')
  const { text } = await tokenFor(user, ['core.*'])
  return { tenant, user, text }
}

const get = (client: ApiClient, text: string, path: string) =>
  client.get(`/api/v1/${path}`).header('Authorization', bearer(text))

async function walk(client: ApiClient, text: string, path: string, limit: number) {
  const pages: string[][] = []
  let cursor: string | null = null
  do {
    const query: Record<string, string | number> = cursor ? { limit, cursor } : { limit }
    const response = await get(client, text, path).qs(query)
    response.assertStatus(200)
    pages.push(response.body().data.map((row: { id: string }) => row.id))
    cursor = response.body().nextCursor
  } while (cursor && pages.length < 100)
  return pages
}

test.group('Pages of the API', () => {
  test('give every row exactly once though many share a moment')
    .with([1, 2, 7, 10, 23, 24])
    .run(async ({ client, assert }, limit) => {
      const { tenant, text } = await owner()
      const ids = await manySites(tenant.id, 23)
      const pages = await walk(client, text, 'sites', limit)
      assert.lengthOf(pages, Math.ceil(23 / limit))
      assert.sameMembers(pages.flat(), ids)
      assert.lengthOf(pages.flat(), 23)
      assert.isTrue(pages.every((page) => page.length <= limit))
    })

  test('keep the place when rows come in between', async ({ client, assert }) => {
    const { tenant, text } = await owner()
    const ids = await manySites(tenant.id, 6)
    const first = (await get(client, text, 'sites').qs({ limit: 3 })).body()
    const added = { id: newId(), code: 'new', name: 'New', time_zone: 'UTC' }
    await inTenant(tenant, (trx) => trx.table('sites').insert({ tenant_id: tenant.id, ...added }))
    const rest = (
      await get(client, text, 'sites').qs({ limit: 3, cursor: first.nextCursor })
    ).body()
    const seen = [...first.data, ...rest.data].map((row: { id: string }) => row.id)
    assert.sameMembers(seen, ids)
    assert.isNull(rest.nextCursor)
  })

  test('list people and events with their own orders', async ({ client, assert }) => {
    const { tenant, text } = await owner()
    for (let i = 0; i < 4; i++) await makeMember(tenant, 'operator')
    const members = (await walk(client, text, 'members', 2)).flat()
    assert.lengthOf(new Set(members), 5)
    const { user } = await makeMember(tenant, 'operator')
    for (let i = 0; i < 3; i++) await tokenFor(user, ['core.site.view'])
    const events = (await walk(client, text, 'audit-events', 1)).flat()
    assert.lengthOf(new Set(events), 4)
    const filtered = await get(client, text, 'audit-events').qs({ name: 'core.token.revoked' })
    assert.deepEqual(filtered.body(), { data: [], nextCursor: null })
  })

  test('refuse a cursor that was changed, made up, or made for another list or company', async ({
    client,
    assert,
  }) => {
    const { tenant, text } = await owner()
    await manySites(tenant.id, 3)
    const other = await owner()
    await manySites(other.tenant.id, 3)
    const cursorOf = async (token: string) => {
      const response = await get(client, token, 'sites').qs({ limit: 1 })
      return response.body().nextCursor as string
    }
    const [good, foreign] = [await cursorOf(text), await cursorOf(other.text)]
    const [body, signature] = good.split('.') as [string, string]
    const forged = Buffer.from('["2030-01-01","x"]').toString('base64url')
    const flipped = `${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    const bad = ['x', '.', `${forged}.${signature}`, flipped, `${good}=`, `${good}.a`, foreign]
    for (const cursor of bad) {
      const response = await get(client, text, 'sites').qs({ cursor })
      assert.equal(response.status(), 422, cursor)
      assert.equal(JSON.parse(response.text()).code, 'E_BAD_CURSOR')
    }
    const elsewhere = await get(client, text, 'customers').qs({ cursor: good })
    assert.equal(elsewhere.status(), 422)
    assert.equal((await get(client, text, 'sites').qs({ cursor: good })).status(), 200)
  })

  test('refuse a limit out of range with the field and a sentence in the language', async ({
    client,
    assert,
  }) => {
    const { text } = await owner()
    for (const limit of ['0', '201', '-1', '1.5', 'many']) {
      const response = await get(client, text, 'sites')
        .qs({ limit })
        .header('Accept-Language', 'zh')
      assert.equal(response.status(), 422, limit)
      const problem = JSON.parse(response.text())
      assert.equal(problem.code, 'E_VALIDATION_ERROR')
      assert.equal(problem.errors[0].field, 'limit')
    }
  })
})
