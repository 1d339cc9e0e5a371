import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { membershipToChange, resume, suspend } from '#services/memberships'

/** Closes a member's door for a while, and opens it again. */
export default class MembershipSuspensionsController {
  async store(ctx: HttpContext) {
    const membership = await membershipToChange(ctx.params.id)
    await suspend(membership)
    const undoUrl = `/users/${membership.id}/resumption`
    return done(ctx, ctx.i18n.t('admin.member.suspended'), { undoUrl })
  }

  async destroy(ctx: HttpContext) {
    const membership = await membershipToChange(ctx.params.id)
    await resume(membership)
    const undoUrl = `/users/${membership.id}/suspension`
    return done(ctx, ctx.i18n.t('admin.member.resumed'), { undoUrl })
  }
}
