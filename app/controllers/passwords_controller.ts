import type { HttpContext } from '@adonisjs/core/http'
import { changePassword } from '#services/accounts'
import { toast } from '#services/shell'
import { confirmPassword } from '#services/sign_in'
import { changePasswordValidator } from '#validators/identity'

/** A new password for a signed-in person, who proves the present one; other sessions end. */
export default class PasswordsController {
  async update(ctx: HttpContext) {
    const user = ctx.presence.user!
    const meta = { about: [user.email, user.fullName] }
    const { password, newPassword } = await ctx.request.validateUsing(changePasswordValidator, {
      meta,
    })
    await confirmPassword(ctx, user, password)
    await changePassword(user, newPassword, ctx.session.sessionId)
    ctx.session.regenerate()
    ctx.session.forget('csrf-secret')
    toast(ctx, ctx.i18n.t('account.password.changed'))
    return ctx.response.redirect().toRoute('account_security.show')
  }
}
