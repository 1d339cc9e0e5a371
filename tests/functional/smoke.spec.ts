import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'

test.group('The house', () => {
  test('say that it is ready', async ({ client }) => {
    const response = await client.get('/health/ready')
    response.assertStatus(200)
  })

  test('show the sign-in page to a guest', async ({ client }) => {
    const response = await client.get('/sign-in')
    response.assertStatus(200)
  })

  test('show the first page to a member', async ({ client }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'operator')
    const response = await client.get('/').loginAs(user)
    response.assertStatus(200)
    response.assertTextIncludes(tenant.name)
  })
})
