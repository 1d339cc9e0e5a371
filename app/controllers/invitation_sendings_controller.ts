import type { HttpContext } from '@adonisjs/core/http'
import Invitation from '#models/invitation'
import { done } from '#core/answers'
import { refuseAbove } from '#services/grants'
import { resend } from '#services/invitations'
import { findRecord } from '#services/records'

/** Mails an invitation again, with a new link. */
export default class InvitationSendingsController {
  async store(ctx: HttpContext) {
    const invitation = await findRecord(Invitation, ctx.params.id)
    refuseAbove(invitation.role)
    await resend(ctx, invitation, ctx.presence.membership!.tenant_name)
    return done(ctx, ctx.i18n.t('admin.invitation.sent', { email: invitation.email }))
  }
}
