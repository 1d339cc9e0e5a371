import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { current, type Who } from '#core/current'
import { isLocale, speak } from '#middleware/locale_middleware'
import type User from '#models/user'
import { guest, memberIn, type MembershipRow, staff, validMemberships } from '#services/identities'

/** What the page shell needs to know about the person, beside `current`. */
export interface Presence {
  user: User | null
  membership: MembershipRow | null
  memberships: MembershipRow[]
}

/**
 * Finds out who asks and runs the rest of the request as them. Membership, suspension and plugin
 * switches are read on every request: whatever an admin takes away is gone with the next click.
 */
export default class WhoMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const { who, ...presence } = await this.find(ctx)
    ctx.presence = presence
    await current.run(who, () => next())
  }

  private async find(ctx: HttpContext): Promise<Presence & { who: Who }> {
    const requestId = ctx.request.id() ?? null
    const nobody = { user: null, membership: null, memberships: [], who: guest(requestId) }
    await ctx.auth.use('web').check()
    const user = ctx.auth.use('web').user
    if (!user) return nobody
    if (user.suspendedAt) {
      await ctx.auth.use('web').logout()
      return nobody
    }
    if (!isLocale(ctx.session.get('locale')) && isLocale(user.locale)) speak(ctx, user.locale)
    const memberships = await validMemberships(user.id)
    const wanted = ctx.session.get('tenantId')
    const membership = memberships.find((row) => row.tenant_id === wanted) ?? memberships[0] ?? null
    const who = await this.actAs(ctx, user, membership, requestId)
    return { user, membership, memberships, who }
  }

  private async actAs(
    ctx: HttpContext,
    user: User,
    membership: MembershipRow | null,
    requestId: string | null
  ): Promise<Who> {
    const platformRole = user.platformRole as 'owner' | 'admin' | null
    if (membership) {
      const siteId = ctx.session.get('siteId') ?? null
      return memberIn(membership, { via: 'session', requestId, platformRole, siteId })
    }
    if (platformRole) return staff(user.id, platformRole, requestId)
    return { ...guest(requestId), userId: user.id }
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    presence: Presence
  }
}
