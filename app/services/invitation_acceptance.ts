import db from '@adonisjs/lucid/services/db'
import core from '#core/core'
import { current } from '#core/current'
import { newId } from '#core/ids'
import type { TenantRole } from '#core/roles'
import type User from '#models/user'
import { type NewPerson, register } from '#services/accounts'
import { systemIn } from '#services/identities'
import { hashToken } from '#services/one_time_tokens'
import { E_LINK_ENDED } from '#services/refusals'

export interface OpenInvitation {
  id: string
  tenant_id: string
  tenant_name: string
  email: string
  role: TenantRole
}

interface InvitationRow extends OpenInvitation {
  site_ids: string[] | null
  customer_id: string | null
  valid_until: Date | null
  created_at: Date
}

/** The invitation behind a link while it stands: not accepted, not revoked, not too old. */
export async function openInvitation(token: string): Promise<OpenInvitation> {
  const row = await db
    .connection('login')
    .from('invitations as i')
    .join('tenants as t', 't.id', 'i.tenant_id')
    .where('i.token_hash', hashToken(token))
    .whereNull('i.accepted_at')
    .whereNull('i.revoked_at')
    .whereNull('t.suspended_at')
    .whereRaw('i.expires_at > now()')
    .select('i.id', 'i.tenant_id', 'i.email', 'i.role')
    .select({ tenant_name: 't.name' })
    .first()
  if (!row) throw new E_LINK_ENDED()
  return row
}

/** Accepts as a person who is known already. */
export const acceptAs = (user: User, invitation: OpenInvitation) =>
  accept(invitation, async () => user)

/** Accepts as somebody new: makes them first. The link came to their address, so it is theirs. */
export const acceptAsNew = (person: NewPerson, invitation: OpenInvitation) =>
  accept(invitation, () =>
    db
      .connection('login')
      .transaction((trx) => register({ ...person, email: invitation.email, verified: true }, trx))
  )

/** The row stays locked until the membership is there: of two at once only one gets in. */
async function accept(invitation: OpenInvitation, personOf: () => Promise<User>) {
  const requestId = current.peek()?.requestId ?? null
  const who = { ...(await systemIn(invitation.tenant_id, 'session')), requestId }
  return current.run(who, async () => {
    const { client } = current.get()
    const row: InvitationRow | null = await client
      .from('invitations')
      .where({ tenant_id: invitation.tenant_id, id: invitation.id })
      .whereNull('accepted_at')
      .whereNull('revoked_at')
      .whereRaw(
        'expires_at > clock_timestamp() and coalesce(valid_until > clock_timestamp(), true)'
      )
      .forUpdate()
      .first()
    if (!row) throw new E_LINK_ENDED()
    const user = await personOf()
    current.get().userId = user.id
    await startMembership(user, row)
    await client
      .from('invitations')
      .where({ tenant_id: row.tenant_id, id: row.id })
      .update({ accepted_at: new Date() })
    return user
  })
}

const termsOf = ({ role, site_ids, customer_id, valid_until }: InvitationRow) => ({
  role,
  site_ids,
  customer_id,
  valid_until,
})

async function startMembership(user: User, row: InvitationRow) {
  const { client } = current.get()
  const key = { tenant_id: row.tenant_id, user_id: user.id }
  const known = await client.from('memberships').where(key).forUpdate().first()
  // What an admin decided about a member after inviting them is stronger than the old link.
  if (known && (known.suspended_at || known.updated_at > row.created_at)) throw new E_LINK_ENDED()
  const id: string = known?.id ?? newId()
  const begin = { ...termsOf(row), valid_from: new Date(), updated_at: new Date() }
  if (known) await client.from('memberships').where(key).update(begin)
  else await client.table('memberships').insert({ ...key, id, ...begin, created_by: user.id })
  const facts = { userId: user.id, role: row.role }
  await core.track({ type: 'memberships', id }, 'membership.started', facts)
}
