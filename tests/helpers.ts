import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { current, type Who } from '#core/current'
import { newId } from '#core/ids'
import type { PlatformRole, TenantRole } from '#core/roles'
import User from '#models/user'
import { memberIn, systemIn, validMemberships } from '#services/identities'
import { hashPassword } from '#services/passwords'

/** A word that no other test has. */
export const unique = (word: string) => `${word}-${randomBytes(5).toString('hex')}`

export interface TestTenant {
  id: string
  slug: string
  name: string
}

/** A tenant of its own: tests never share rows, so none of them needs to clean up. */
export async function makeTenant(name = unique('Tenant')): Promise<TestTenant> {
  const tenant = { id: newId(), slug: unique('t'), name }
  await db.connection('login').table('tenants').insert(tenant)
  return tenant
}

interface PersonOptions {
  email?: string
  fullName?: string
  /** Hashing takes 50 ms: without it the person can be signed in by `loginAs` only. */
  password?: string
  platformRole?: PlatformRole
  locale?: 'en' | 'zh'
}

export async function makeUser(options: PersonOptions = {}) {
  const { password, platformRole, locale = 'en', fullName = 'Test Person' } = options
  const id = newId()
  await db
    .connection('login')
    .table('users')
    .insert({
      id,
      email: options.email ?? `${unique('user')}@example.com`,
      full_name: fullName,
      locale,
      platform_role: platformRole ?? null,
      password_hash: password ? await hashPassword(password) : null,
      email_verified_at: new Date(),
    })
  return User.findOrFail(id)
}

interface MemberOptions extends PersonOptions {
  siteIds?: string[] | null
  customerId?: string | null
  validFrom?: Date
  validUntil?: Date | null
}

/** A member of the tenant. A client gets a customer of its own unless one is given. */
export async function makeMember(
  tenant: TestTenant,
  role: TenantRole,
  options: MemberOptions = {}
) {
  const user = await makeUser(options)
  const membershipId = newId()
  await asSystem(tenant, async () => {
    const customerId = options.customerId ?? (role === 'client' ? await makeCustomer() : null)
    await current
      .get()
      .client.table('memberships')
      .insert({
        tenant_id: tenant.id,
        id: membershipId,
        user_id: user.id,
        role,
        site_ids: options.siteIds ?? null,
        customer_id: customerId,
        valid_from: options.validFrom ?? new Date(Date.now() - 60_000),
        valid_until: options.validUntil ?? null,
      })
  })
  return { user, membershipId }
}

/** Inside `current.run`: a customer of the current tenant. */
export async function makeCustomer(name = unique('Customer')) {
  const id = newId()
  const { client } = current.get()
  await client
    .table('customers')
    .insert({ tenant_id: current.tenantId(), id, code: unique('C'), name })
  return id
}

/** Inside `current.run`: a site of the current tenant. */
export async function makeSite(name = unique('Site')) {
  const id = newId()
  const { client } = current.get()
  await client
    .table('sites')
    .insert({ tenant_id: current.tenantId(), id, code: unique('S'), name, time_zone: 'UTC' })
  return id
}

/** Runs as the portal itself in the tenant: all sites, all customers. */
export const asSystem = async <T>(tenant: { id: string }, fn: () => Promise<T> | T) =>
  current.run(await systemIn(tenant.id), fn)

/** Runs as this person, with the scope that the portal would give them. */
export async function asUser<T>(user: User, fn: () => Promise<T> | T, reach: Partial<Who> = {}) {
  const [membership] = await validMemberships(user.id)
  if (!membership) throw new Error('this person has no valid membership')
  return current.run({ ...(await memberIn(membership, { via: 'session' })), ...reach }, fn)
}

/** The reference material beside the checkout, or null where it is not there. */
export function sharedFolder(name: string) {
  const folder = resolve(app.makePath('..'), 'shared', name)
  return existsSync(folder) ? folder : null
}
