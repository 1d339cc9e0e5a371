import type { HttpContext } from '@adonisjs/core/http'
import { renewRecoveryCodes } from '#services/second_factor'
import { confirmPassword } from '#services/sign_in'
import { confirmationValidator } from '#validators/identity'

/** New recovery codes instead of the earlier ones, shown this once. */
export default class RecoveryCodesController {
  async store(ctx: HttpContext) {
    const user = ctx.presence.user!
    if (!user.totpEnabledAt) return ctx.response.redirect().toRoute('account_security.show')
    const { password } = await ctx.request.validateUsing(confirmationValidator)
    await confirmPassword(ctx, user, password, 'codesPassword')
    const codes = await renewRecoveryCodes(user)
    return ctx.view.render('pages/account/recovery_codes', { codes, first: false })
  }
}
