import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { end, membershipToChange, reinstate } from '#services/memberships'

/** Ends a membership now, and takes that back. */
export default class MembershipEndingsController {
  async store(ctx: HttpContext) {
    const membership = await membershipToChange(ctx.params.id)
    await end(membership)
    const undoUrl = `/users/${membership.id}/reinstatement`
    return done(ctx, ctx.i18n.t('admin.member.ended'), { undoUrl })
  }

  async destroy(ctx: HttpContext) {
    const membership = await membershipToChange(ctx.params.id)
    await reinstate(membership)
    return done(ctx, ctx.i18n.t('admin.member.reinstated'))
  }
}
