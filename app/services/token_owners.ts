import { current } from '#core/current'
import { defineError } from '#core/errors'
import User from '#models/user'
import { validMemberships } from '#services/identities'

/** Nobody with this e-mail may act in the tenant at this moment. */
const E_MEMBER_UNKNOWN = defineError<[email: string]>(
  'No member of this tenant has the e-mail "%s"',
  'E_MEMBER_UNKNOWN',
  404
)

/** The member of the current tenant with this e-mail, as the owner of a token. */
export async function memberByEmail(email: string) {
  const user = await User.findBy('email', email)
  const memberships = user && !user.suspendedAt ? await validMemberships(user.id) : []
  const membership = memberships.find((row) => row.tenant_id === current.tenantId())
  if (!membership) throw new E_MEMBER_UNKNOWN([email])
  return { userId: membership.user_id, role: membership.role }
}
