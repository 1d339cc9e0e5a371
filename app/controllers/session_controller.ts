import { existsSync } from 'node:fs'
import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import { faultOf } from '#exceptions/problem'
import { logAccount } from '#services/account_log'
import { demoFile } from '#services/demo'
import { isEmptyInstallation } from '#services/installation'
import { isRefusedAttempt } from '#services/refusals'
import {
  askForCode,
  checkPassword,
  closeSession,
  openSessionFor,
  originOf,
} from '#services/sign_in'
import { signInValidator } from '#validators/identity'

/** The terminal prints the sign-ins of a demo; the page only says where to look. */
async function isDemo() {
  if (!existsSync(demoFile())) return false
  const tenants = db.connection('login').from('tenants')
  return Boolean(await tenants.where('is_demo', true).select('id').first())
}

export default class SessionController {
  async create({ view, response, presence }: HttpContext) {
    if (presence.user) return response.redirect('/')
    if (await isEmptyInstallation()) return response.redirect().toRoute('setup.create')
    return view.render('pages/identity/sign_in', { isDemo: await isDemo() })
  }

  async store(ctx: HttpContext) {
    const { request, response } = ctx
    const { email, password } = await request.validateUsing(signInValidator)
    try {
      const user = await checkPassword(email, password, originOf(ctx))
      if (!user.totpEnabledAt) return response.redirect(await openSessionFor(ctx, user))
      askForCode(ctx, user)
      return response.redirect().toRoute('session_code.create')
    } catch (error) {
      if (!isRefusedAttempt(error)) throw error
      return this.again(ctx, error, email)
    }
  }

  async destroy(ctx: HttpContext) {
    const { user } = ctx.presence
    if (user) await logAccount({ subjectType: 'user', subjectId: user.id, name: 'session.ended' })
    await closeSession(ctx)
    return ctx.response.redirect().toRoute('session.create')
  }

  private async again(ctx: HttpContext, error: unknown, email: string) {
    const fault = faultOf(error, ctx)
    ctx.response.status(fault.status)
    if (fault.retryAfter) ctx.response.header('Retry-After', String(fault.retryAfter))
    return ctx.view.render('pages/identity/sign_in', { fault, email, isDemo: await isDemo() })
  }
}
