import { randomBytes } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import core from '#core/core'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { newId } from '#core/ids'
import type User from '#models/user'
import { logAccount } from '#services/account_log'
import { type NewPerson, register } from '#services/accounts'
import { systemIn } from '#services/identities'

/** Names the lock that lets one first visitor win. */
const LOCK = 'hashinsight.setup'

const hasUsers = async (trx?: TransactionClientContract) =>
  Boolean(await (trx ?? db.connection('login')).from('users').select('id').first())

/** Nobody is here yet: the next visitor sets the portal up. */
export const isEmptyInstallation = async () => !(await hasUsers())

function slugOf(name: string) {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  return slug.length >= 2 ? slug : `site-${randomBytes(3).toString('hex')}`
}

interface Tenant {
  id: string
  slug: string
  name: string
}

/** Makes the first person, who runs the platform, and their company. Of two at once one wins. */
export async function foundInstallation(person: NewPerson, tenantName: string) {
  const tenant = { id: newId(), slug: slugOf(tenantName), name: tenantName }
  const user = await db.connection('login').transaction(async (trx) => {
    await trx.rawQuery('select pg_advisory_xact_lock(hashtext(?))', [LOCK])
    if (await hasUsers(trx)) throw new E_NOT_FOUND()
    const owner = await register({ ...person, platformRole: 'owner' }, trx)
    await trx.table('tenants').insert(tenant)
    const subject = { subjectType: 'tenant', subjectId: tenant.id, actorId: owner.id } as const
    await logAccount({ ...subject, name: 'tenant.created', facts: { slug: tenant.slug } }, trx)
    return owner
  })
  await ownTenant(user, tenant)
  return { user, tenant }
}

/**
 * The membership is the app role's to write, so it needs a second transaction. Should it fail, the
 * first one is taken back: an owner without a company could not try again.
 */
async function ownTenant(user: User, tenant: Tenant) {
  const who = { ...(await systemIn(tenant.id)), userId: user.id }
  const id = newId()
  const role = 'mining_site_owner' as const
  try {
    await current.run(who, async () => {
      const { client } = current.get()
      const { slug, name } = tenant
      await core.track({ type: 'tenants', id: tenant.id }, 'tenant.created', { slug, name })
      await client
        .table('memberships')
        .insert({ tenant_id: tenant.id, id, user_id: user.id, role, created_by: user.id })
      await core.track({ type: 'memberships', id }, 'membership.started', { userId: user.id, role })
    })
  } catch (error) {
    await db.connection('login').from('tenants').where('id', tenant.id).delete()
    await db.connection('login').from('users').where('id', user.id).delete()
    throw error
  }
}
