import type { EndpointRequest } from '#core/api'
import { current } from '#core/current'
import User from '#models/user'

export default class MeController {
  async show({ ctx }: EndpointRequest) {
    const { token, membership } = ctx.bearer
    const user = await User.findOrFail(token.user_id)
    const { role, permissions, siteIds, customerId } = current.get()
    return {
      user: { id: user.id, fullName: user.fullName, email: user.email },
      tenant: {
        id: membership.tenant_id,
        slug: membership.tenant_slug,
        name: membership.tenant_name,
        demo: membership.is_demo,
      },
      role,
      siteIds: siteIds === '*' ? null : siteIds,
      customerId: customerId === '*' ? null : customerId,
      token: {
        id: token.id,
        name: token.name,
        prefix: token.prefix,
        scopes: token.scopes,
        expiresAt: token.expires_at,
      },
      permissions: [...permissions].sort(),
    }
  }
}
