import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#services/refusals'
import { disableTotp, enableTotp } from '#services/second_factor'
import { toast } from '#services/shell'
import { confirmPassword } from '#services/sign_in'
import { enrolmentOf, newTotpSecret, stepOf } from '#services/totp'
import { confirmationValidator, totpValidator } from '#validators/identity'

/** Where the secret waits, closed, until the person has proved that their app holds it. */
const DRAFT = 'totpDraft'

/** The second factor: an authenticator app. */
export default class TotpController {
  async create({ view, session, presence, response }: HttpContext) {
    const user = presence.user!
    if (user.totpEnabledAt) return response.redirect().toRoute('account_security.show')
    const sealed: string = session.get(DRAFT) ?? newTotpSecret()
    session.put(DRAFT, sealed)
    return view.render('pages/account/totp', { enrolment: await enrolmentOf(sealed, user.email) })
  }

  async store(ctx: HttpContext) {
    const user = ctx.presence.user!
    const sealed: unknown = ctx.session.get(DRAFT)
    if (user.totpEnabledAt || typeof sealed !== 'string') {
      return ctx.response.redirect().toRoute('account_security.show')
    }
    const { password, code } = await ctx.request.validateUsing(totpValidator)
    await confirmPassword(ctx, user, password)
    const step = stepOf(sealed, code)
    if (step === null) return refuseField(ctx, 'code', 'account.totp.wrong_code')
    const codes = await enableTotp(user, sealed, step)
    ctx.session.forget(DRAFT)
    return ctx.view.render('pages/account/recovery_codes', { codes, first: true })
  }

  async destroy(ctx: HttpContext) {
    const user = ctx.presence.user!
    const { password } = await ctx.request.validateUsing(confirmationValidator)
    await confirmPassword(ctx, user, password, 'totpPassword')
    if (user.totpEnabledAt) {
      await disableTotp(user)
      toast(ctx, ctx.i18n.t('account.totp.disabled'))
    }
    return ctx.response.redirect().toRoute('account_security.show')
  }
}
