import type { Infer } from '@vinejs/vine/types'
import { type EndpointRequest, page } from '#core/api'
import { current } from '#core/current'
import type { listQuery } from '#validators/api'

export default class MembersController {
  index({ query }: EndpointRequest<undefined, Infer<typeof listQuery>>) {
    const members = current
      .get()
      .client.from('memberships as m')
      .join('users as u', 'u.id', 'm.user_id')
      .where('m.tenant_id', current.tenantId())
      .select('m.id', 'm.role', 'u.email')
      .select({
        userId: 'm.user_id',
        fullName: 'u.full_name',
        siteIds: 'm.site_ids',
        customerId: 'm.customer_id',
        validFrom: 'm.valid_from',
        validUntil: 'm.valid_until',
        suspendedAt: 'm.suspended_at',
      })
    return page(members, { ...query, at: 'm.created_at', id: 'm.id' })
  }
}
