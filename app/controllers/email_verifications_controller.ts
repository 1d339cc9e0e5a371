import type { HttpContext } from '@adonisjs/core/http'
import { askToVerify, verifyEmail } from '#services/accounts'
import { ownerOfToken } from '#services/one_time_tokens'
import { E_LINK_ENDED } from '#services/refusals'
import { toast } from '#services/shell'
import { reserve } from '#services/throttle'

/** Confirming an address. Opening the link is not enough: mail scanners do that too. */
export default class EmailVerificationsController {
  async store(ctx: HttpContext) {
    const user = ctx.presence.user!
    if (!user.emailVerifiedAt) {
      await reserve(user.email, ctx.request.ip(), 'mail')
      await askToVerify(user)
      toast(ctx, ctx.i18n.t('account.profile.verification_sent', { email: user.email }))
    }
    return ctx.response.redirect().toRoute('account.show')
  }

  async edit({ params, view }: HttpContext) {
    if (!(await ownerOfToken(params.token, 'verify_email'))) throw new E_LINK_ENDED()
    return view.render('pages/identity/verify_email', { token: params.token })
  }

  async update(ctx: HttpContext) {
    await verifyEmail(ctx.params.token)
    toast(ctx, ctx.i18n.t('identity.verify.done'))
    return ctx.response.redirect(ctx.presence.user ? '/account' : '/sign-in')
  }
}
