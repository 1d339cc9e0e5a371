import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { current } from '#core/current'
import type User from '#models/user'
import { createToken } from '#services/api_tokens'
import { asSystem, asUser } from '#tests/helpers'

/** A token of this person, made as the portal makes it. */
export const tokenFor = (user: User, scopes: string[], days = 30) =>
  asUser(user, () =>
    createToken({ userId: user.id, role: current.get().role, name: 'Test', scopes, days })
  )

/** Works on the rows of a tenant behind the portal's back. */
export const inTenant = <T>(
  tenant: { id: string },
  work: (client: TransactionClientContract) => PromiseLike<T>
) => asSystem(tenant, async () => await work(current.get().client))

export const bearer = (text: string) => `Bearer ${text}`

/** Takes a permission from a role of the tenant, or gives it. */
export const override = (
  tenant: { id: string },
  role: string,
  permission: string,
  granted = false
) =>
  inTenant(tenant, (client) =>
    client.table('role_permissions').insert({ tenant_id: tenant.id, role, permission, granted })
  )
