import { InvitationSchema } from '#database/schema'
import { Tenanted } from '#core/model'
import type { TenantRole } from '#core/roles'

/** The offer of a membership; the link itself is known to the mail only. */
export default class Invitation extends Tenanted(InvitationSchema) {
  static table = 'invitations'

  declare role: TenantRole
  declare siteIds: string[] | null

  get state(): 'accepted' | 'revoked' | 'expired' | 'pending' {
    if (this.acceptedAt) return 'accepted'
    if (this.revokedAt) return 'revoked'
    return this.expiresAt.toMillis() <= Date.now() ? 'expired' : 'pending'
  }
}
