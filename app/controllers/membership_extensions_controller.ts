import type { HttpContext } from '@adonisjs/core/http'
import { readForm } from '#core/form'
import { done } from '#core/answers'
import { extend, membershipToChange } from '#services/memberships'
import { extensionSchema } from '#validators/people'

/** Lets a membership hold longer. One without an end stays without. */
export default class MembershipExtensionsController {
  async store(ctx: HttpContext) {
    const membership = await membershipToChange(ctx.params.id)
    const { days } = await readForm(ctx, extensionSchema)
    const isLasting = membership.validUntil === null
    await extend(membership, days)
    const key = isLasting ? 'admin.member.lasting' : 'admin.member.extended'
    return done(ctx, ctx.i18n.t(key, { days }), { kind: isLasting ? 'info' : 'good' })
  }
}
