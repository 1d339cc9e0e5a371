import type { HttpContext } from '@adonisjs/core/http'
import { faultOf } from '#exceptions/problem'
import { isRefusedAttempt } from '#services/refusals'
import { checkCode, openSessionFor, originOf, pendingUser } from '#services/sign_in'
import { codeValidator } from '#validators/identity'

/** The second step of signing in: a code of the app, or a recovery code. */
export default class SessionCodeController {
  async create(ctx: HttpContext) {
    if (!(await pendingUser(ctx))) return ctx.response.redirect().toRoute('session.create')
    return ctx.view.render('pages/identity/code')
  }

  async store(ctx: HttpContext) {
    const user = await pendingUser(ctx)
    if (!user) return ctx.response.redirect().toRoute('session.create')
    const { code } = await ctx.request.validateUsing(codeValidator)
    try {
      await checkCode(user, code, originOf(ctx))
    } catch (error) {
      if (!isRefusedAttempt(error)) throw error
      const fault = faultOf(error, ctx)
      ctx.response.status(fault.status)
      if (fault.retryAfter) ctx.response.header('Retry-After', String(fault.retryAfter))
      return ctx.view.render('pages/identity/code', { fault })
    }
    return ctx.response.redirect(await openSessionFor(ctx, user))
  }
}
