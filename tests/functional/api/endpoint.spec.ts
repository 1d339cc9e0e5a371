import router from '@adonisjs/core/services/router'
import { test } from '@japa/runner'
import vine from '@vinejs/vine'
import { endpoint, moment, wholeNumber } from '#core/api'
import core from '#core/core'
import { current } from '#core/current'
import { apiStack } from '#start/kernel'
import { makeMember, makeSite, makeTenant } from '#tests/helpers'
import { bearer, inTenant, tokenFor } from '#tests/functional/api/helpers'

/** Registered before the server starts, as a plugin would. */
router
  .group(() => {
    endpoint(router, {
      method: 'post',
      path: 'bookings',
      name: 'bookings.store',
      guard: core.can('site.view'),
      summary: 'api.document.success',
      body: vine.object({ cents: vine.number(), note: vine.string().maxLength(20) }),
      response: vine.object({
        cents: wholeNumber(),
        at: moment(),
        note: vine.string(),
        via: vine.string(),
      }),
      status: 201,
      handler: ({ body }) => ({
        cents: 9_007_199_254_740_993n * BigInt(body.cents),
        at: new Date(0),
        note: body.note,
        via: current.get().via,
        secret: 'never leaves',
      }),
    })
    endpoint(router, {
      method: 'get',
      path: 'broken',
      name: 'broken.show',
      guard: core.can('site.view'),
      summary: 'api.document.success',
      response: vine.object({ cents: wholeNumber() }),
      handler: async () => {
        await makeSite()
        return { cents: 'a secret that broke the promise' }
      },
    })
  })
  .prefix('api/v1/testing')
  .as('api.testing')
  .use(apiStack)

test.group('An endpoint', () => {
  const setUp = async () => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const { text } = await tokenFor(user, ['core.site.view'])
    return { tenant, authorization: bearer(text) }
  }

  test('give validated input, bigint as text, and no field that the schema leaves out', async ({
    client,
    assert,
  }) => {
    const { authorization } = await setUp()
    const request = client.post('/api/v1/testing/bookings').header('Authorization', authorization)
    const response = await request.json({ cents: 3, note: 'x', more: true })
    response.assertStatus(201)
    assert.deepEqual(response.body(), {
      cents: '27021597764222979',
      at: '1970-01-01T00:00:00.000Z',
      note: 'x',
      via: 'token',
    })
  })

  test('refuse wrong input with a sentence for each field', async ({ client, assert }) => {
    const { authorization } = await setUp()
    const request = client.post('/api/v1/testing/bookings').header('Authorization', authorization)
    const response = await request.json({ cents: 'x' })
    assert.equal(response.status(), 422)
    const { errors } = JSON.parse(response.text())
    assert.sameMembers(
      errors.map(({ field }: { field: string }) => field),
      ['cents', 'note']
    )
  })

  test('answer a body that is too large, no JSON, or of another kind with problem details', async ({
    client,
    assert,
  }) => {
    const { authorization } = await setUp()
    const post = (body: string, type: string) =>
      client
        .post('/api/v1/testing/bookings')
        .header('Authorization', authorization)
        .header('Accept-Language', 'zh')
        .json(body)
        .type(type)
    const large = JSON.stringify({ note: 'x'.repeat(1_100_000) })
    const cases = [
      [await post(large, 'application/json'), 413],
      [await post('{"cents":', 'application/json'), 400],
      [await post('<a/>', 'text/xml'), 415],
    ] as const
    for (const [response, status] of cases) {
      assert.equal(response.status(), status)
      assert.equal(response.header('content-type'), 'application/problem+json')
      const problem = JSON.parse(response.text())
      assert.equal(problem.status, status)
      assert.match(problem.title, /[\u4e00-\u9fff]/)
    }
  })

  test('undo everything and say nothing of the inside when an answer breaks its schema', async ({
    client,
    assert,
  }) => {
    const { tenant, authorization } = await setUp()
    const request = client.get('/api/v1/testing/broken')
    const response = await request.header('Authorization', authorization)
    assert.equal(response.status(), 500)
    assert.equal(JSON.parse(response.text()).code, 'E_UNEXPECTED')
    assert.notInclude(response.text(), 'secret')
    assert.lengthOf(await inTenant(tenant, (trx) => trx.from('sites')), 0)
  })
})
