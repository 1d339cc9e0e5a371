import type { HttpContext } from '@adonisjs/core/http'
import { recoveryCodesLeft } from '#services/recovery_codes'

/** How the person proves who they are: password, second factor, recovery codes. */
export default class AccountSecurityController {
  async show({ view, presence }: HttpContext) {
    const user = presence.user!
    const codesLeft = user.totpEnabledAt ? await recoveryCodesLeft(user.id) : null
    return view.render('pages/account/security', { user, codesLeft })
  }
}
