import type { ApiClient } from '@japa/api-client'
import { newId } from '#core/ids'
import type User from '#models/user'
import { asSystem, makeCustomer, makeMember, makeSite, makeTenant, makeUser } from '#tests/helpers'

/** A company with one person a role. */
export async function company() {
  const tenant = await makeTenant()
  const owner = await makeMember(tenant, 'mining_site_owner')
  const second = await makeMember(tenant, 'mining_site_owner')
  const operator = await makeMember(tenant, 'operator')
  const client = await makeMember(tenant, 'client')
  const siteId = await asSystem(tenant, () => makeSite())
  const customerId = await asSystem(tenant, () => makeCustomer())
  return { tenant, owner, second, operator, client, siteId, customerId }
}

export const platform = async (role: 'owner' | 'admin') => makeUser({ platformRole: role })

export const post = (
  client: ApiClient,
  url: string,
  user: User,
  body: Record<string, unknown> = {}
) => client.post(url).loginAs(user).withCsrfToken().redirects(0).form(body)

export const get = (client: ApiClient, url: string, user: User) =>
  client.get(url).loginAs(user).redirects(0)

export const missing = () => newId()
