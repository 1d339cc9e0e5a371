import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { formOf, readForm } from '#core/form'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import Invitation from '#models/invitation'
import { done } from '#core/answers'
import { checkGrant } from '#services/grants'
import { invite, revoke } from '#services/invitations'
import { scopeChoices } from '#services/members'
import { findRecord } from '#services/records'
import { invitationRows, invitationsTable, invitationState } from '#services/tables/invitations'
import { invitationSchema } from '#validators/people'
import { roleChoices } from './users_controller.js'

const prefix = 'admin.member.field'

/** Offers of a membership: to whom, as what, and what became of them. */
export default class InvitationsController {
  async index(ctx: HttpContext) {
    if (wantsCsv(ctx)) return sendCsv(ctx, invitationsTable, invitationRows())
    return ctx.view.render('pages/invitations/index', {
      table: await tableOf(ctx, invitationsTable, invitationRows()),
      stateOf: invitationState,
      mayInvite: core.allows('user.invite'),
    })
  }

  async create(ctx: HttpContext) {
    const choices = { ...(await scopeChoices()), role: roleChoices(ctx) }
    const values = { role: 'operator', customerId: ctx.request.qs().customer }
    if (values.customerId) values.role = 'client'
    return ctx.view.render('pages/invitations/form', {
      fields: formOf(ctx, invitationSchema, { values, prefix, choices }),
    })
  }

  async store(ctx: HttpContext) {
    const { email, ...asked } = await readForm(ctx, invitationSchema)
    const grant = await checkGrant(ctx, asked)
    await invite(ctx, email, grant, ctx.presence.membership!.tenant_name)
    return done(ctx, ctx.i18n.t('admin.invitation.sent', { email }), { to: '/users/invitations' })
  }

  async destroy(ctx: HttpContext) {
    const invitation = await findRecord(Invitation, ctx.params.id)
    await revoke(invitation)
    return done(ctx, ctx.i18n.t('admin.invitation.revoked', { email: invitation.email }))
  }
}
