import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'

const OWN = { name: 'S19j Pro tuned', hashrateThs: '92', powerW: '2350' }
const idOf = (html: string) => /\/calculator\/models\/([0-9a-f-]{36})\/archive/.exec(html)?.[1]

test.group('Own models', () => {
  test('add, use, archive and bring back a model', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const added = await client.post('/calculator/models').form(OWN).loginAs(user).withCsrfToken()
    added.assertStatus(200)
    assert.include(added.text(), OWN.name)
    const id = idOf(added.text())!

    const page = await client.get('/calculator').loginAs(user)
    assert.include(page.text(), `value="${id}"`)

    await client.post(`/calculator/models/${id}/archive`).loginAs(user).withCsrfToken()
    const without = await client.get('/calculator').loginAs(user)
    assert.notInclude(without.text(), `value="${id}"`)

    await client.post(`/calculator/models/${id}/restoration`).loginAs(user).withCsrfToken()
    const again = await client.get('/calculator').loginAs(user)
    assert.include(again.text(), `value="${id}"`)
  })

  test('keep the models of one tenant from another', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const { user: stranger } = await makeMember(await makeTenant(), 'operator')
    const added = await client.post('/calculator/models').form(OWN).loginAs(user).withCsrfToken()
    const id = idOf(added.text())!
    const theirs = await client.get('/calculator/models').loginAs(stranger)
    assert.notInclude(theirs.text(), OWN.name)
    const archive = await client
      .post(`/calculator/models/${id}/archive`)
      .loginAs(stranger)
      .withCsrfToken()
    archive.assertStatus(404)
    const priced = await client
      .get('/calculator')
      .qs({ modelId: id, btcUsd: 1, difficulty: 1, usdPerKwh: 1 })
      .loginAs(stranger)
    priced.assertTextIncludes('This model is not in the catalogue.')
  })

  test('refuse a guest', async ({ client }) => {
    const response = await client.get('/calculator/models').redirects(0)
    response.assertStatus(302)
    response.assertHeader('location', '/sign-in')
  })

  test('keep what was typed when a value is refused', async ({ client }) => {
    const { user } = await makeMember(await makeTenant(), 'operator')
    const response = await client
      .post('/calculator/models')
      .form({ ...OWN, powerW: '-1' })
      .loginAs(user)
      .header('referer', `http://127.0.0.1:${process.env.PORT}/calculator/models`)
      .withCsrfToken()
    response.assertTextIncludes(OWN.name)
    response.assertTextIncludes('Must be more than 0.')
  })
})
