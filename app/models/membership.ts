import { MembershipSchema } from '#database/schema'
import { Tenanted } from '#core/model'
import type { TenantRole } from '#core/roles'

/** Who may act in a tenant, as what, how far and until when. */
export default class Membership extends Tenanted(MembershipSchema) {
  static table = 'memberships'

  declare role: TenantRole
  declare siteIds: string[] | null
}
