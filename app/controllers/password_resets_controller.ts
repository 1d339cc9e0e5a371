import type { HttpContext } from '@adonisjs/core/http'
import User from '#models/user'
import { askReset, resetPassword } from '#services/accounts'
import { ownerOfToken } from '#services/one_time_tokens'
import { E_LINK_ENDED } from '#services/refusals'
import { toast } from '#services/shell'
import { reserve } from '#services/throttle'
import { forgotValidator, resetValidator } from '#validators/identity'

async function personBehind(token: string) {
  const owner = await ownerOfToken(token, 'reset_password')
  if (!owner) throw new E_LINK_ENDED()
  return User.findOrFail(owner.user_id)
}

/** A forgotten password: ask for a link, then set a new one with it. */
export default class PasswordResetsController {
  create({ view }: HttpContext) {
    return view.render('pages/identity/forgot')
  }

  /** The same answer, as fast, whether the address is somebody's or not. */
  async store({ request, view }: HttpContext) {
    const { email } = await request.validateUsing(forgotValidator)
    await reserve(email, request.ip(), 'mail')
    askReset(email)
    return view.render('pages/identity/forgot_sent')
  }

  async edit({ params, view, response }: HttpContext) {
    await personBehind(params.token)
    response.header('Cache-Control', 'no-store')
    return view.render('pages/identity/reset', { token: params.token })
  }

  async update(ctx: HttpContext) {
    const { token } = ctx.params
    const { email, fullName } = await personBehind(token)
    const meta = { about: [email, fullName] }
    const { newPassword } = await ctx.request.validateUsing(resetValidator, { meta })
    await resetPassword(token, newPassword)
    toast(ctx, ctx.i18n.t('identity.reset.done'))
    return ctx.response.redirect().toRoute('session.create')
  }
}
