import type { HttpContext } from '@adonisjs/core/http'
import { E_FORBIDDEN } from '#core/errors'
import User from '#models/user'
import {
  acceptAs,
  acceptAsNew,
  openInvitation,
  type OpenInvitation,
} from '#services/invitation_acceptance'
import { hashPassword } from '#services/passwords'
import { toast } from '#services/shell'
import { openSessionFor, originOf, recordFirstEntry } from '#services/sign_in'
import { acceptanceValidator } from '#validators/identity'

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** What the person has to do: confirm, make an account, sign in first, or sign out first. */
async function stepFor({ presence }: HttpContext, { email }: OpenInvitation) {
  if (presence.user) return isSame(presence.user.email, email) ? 'confirm' : 'other'
  return (await User.findBy('email', email)) ? 'sign_in' : 'new'
}

/** An invitation by link: somebody new names themselves, a known person confirms. */
export default class InvitationAcceptancesController {
  async create(ctx: HttpContext) {
    const { token } = ctx.params
    const invitation = await openInvitation(token)
    const step = await stepFor(ctx, invitation)
    if (step === 'sign_in') ctx.session.put('wanted', ctx.request.url())
    ctx.response.header('Cache-Control', 'no-store')
    return ctx.view.render('pages/identity/invitation', { invitation, step, token })
  }

  async store(ctx: HttpContext) {
    const invitation = await openInvitation(ctx.params.token)
    const step = await stepFor(ctx, invitation)
    if (step === 'confirm') await acceptAs(ctx.presence.user!, invitation)
    else if (step === 'new') await this.welcome(ctx, invitation)
    else throw new E_FORBIDDEN(['invitation'])
    ctx.session.put('tenantId', invitation.tenant_id)
    ctx.session.forget('siteId')
    toast(ctx, ctx.i18n.t('identity.invitation.done', { tenant: invitation.tenant_name }))
    return ctx.response.redirect('/')
  }

  private async welcome(ctx: HttpContext, invitation: OpenInvitation) {
    const { email } = invitation
    const meta = { about: [email] }
    const { fullName, newPassword } = await ctx.request.validateUsing(acceptanceValidator, { meta })
    const passwordHash = await hashPassword(newPassword)
    const person = { email, fullName, passwordHash, locale: ctx.i18n.locale }
    const user = await acceptAsNew(person, invitation)
    await recordFirstEntry(user, originOf(ctx))
    await openSessionFor(ctx, user)
  }
}
