import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import core from '#core/core'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { refuseField } from '#core/form'
import { isId, newId } from '#core/ids'
import type { Row } from '#core/table'
import { logAccount } from '#services/account_log'
import { systemIn } from '#services/identities'
import { invite } from '#services/invitations'

const login = () => db.connection('login')

/**
 * The companies on this installation. Staff see that they are there and how many people may sign in
 * to them; none of their data.
 */
export const tenantRows = () =>
  login()
    .from('tenants')
    .select('tenants.id', 'tenants.slug', 'tenants.name', 'tenants.currency', 'tenants.is_demo')
    .select('tenants.suspended_at', 'tenants.created_at')
    .select(
      login()
        .from('memberships')
        .whereColumn('memberships.tenant_id', 'tenants.id')
        .count('*')
        .as('members')
    )

export async function tenantOf(id: unknown): Promise<Row> {
  const row = isId(id) ? await tenantRows().where('tenants.id', id).first() : null
  if (!row) throw new E_NOT_FOUND()
  return row
}

/** What staff did to a tenant, newest first. */
export const tenantHistory = (id: string): Promise<Row[]> =>
  login()
    .from('account_events as e')
    .leftJoin('users as u', 'u.id', 'e.actor_id')
    .where({ 'e.subject_type': 'tenant', 'e.subject_id': id })
    .orderBy('e.occurred_at', 'desc')
    .limit(20)
    .select('e.id', 'e.name', 'e.occurred_at')
    .select({ actor_name: 'u.full_name' }) as unknown as Promise<Row[]>

interface NewTenant {
  name: string
  slug: string
  currency: string
  ownerEmail: string
}

/** Makes a company and invites its first owner. */
export async function createTenant(ctx: HttpContext, { ownerEmail, ...values }: NewTenant) {
  const id = newId()
  await login().transaction(async (trx) => {
    if (await trx.from('tenants').where('slug', values.slug).first()) {
      throw refuseField('slug', ctx.i18n.t('admin.code_taken', { code: values.slug }))
    }
    await trx.table('tenants').insert({ id, ...values })
    const { slug, name } = values
    await logAccount(
      { subjectType: 'tenant', subjectId: id, name: 'tenant.created', facts: { slug, name } },
      trx
    )
  })
  await inviteOwner(ctx, { id, name: values.name, slug: values.slug }, ownerEmail)
  return id
}

/** The new tenant's first leaf and invitation, written in its own scope by the person of the staff. */
async function inviteOwner(
  ctx: HttpContext,
  { id, name, slug }: { id: string; name: string; slug: string },
  email: string
) {
  const { userId, requestId } = current.get()
  const who = { ...(await systemIn(id)), userId, via: 'session' as const, requestId }
  await current.run(who, async () => {
    await core.track({ type: 'tenants', id }, 'tenant.created', { slug, name })
    const grant = {
      role: 'mining_site_owner' as const,
      siteIds: null,
      customerId: null,
      validUntil: null,
    }
    await invite(ctx, email, grant, name)
  })
}

/** Closes a tenant to everybody, or opens it again. False when it already was so. */
export async function setTenantSuspended(id: unknown, suspended: boolean) {
  const tenant = await tenantOf(id)
  if (Boolean(tenant.suspended_at) === suspended) return tenant
  await login().transaction(async (trx) => {
    const suspendedAt = suspended ? new Date() : null
    await trx
      .from('tenants')
      .where('id', tenant.id)
      .update({ suspended_at: suspendedAt, updated_at: new Date() })
    const name = suspended ? 'tenant.suspended' : 'tenant.resumed'
    const facts = { slug: tenant.slug }
    await logAccount({ subjectType: 'tenant', subjectId: tenant.id, name, facts }, trx)
  })
  return tenant
}
