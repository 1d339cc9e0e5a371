import type { HttpContext } from '@adonisjs/core/http'
import { E_NOT_FOUND } from '#core/errors'
import { askToVerify } from '#services/accounts'
import { foundInstallation, isEmptyInstallation } from '#services/installation'
import { hashPassword } from '#services/passwords'
import { toast } from '#services/shell'
import { openSessionFor, originOf, recordFirstEntry } from '#services/sign_in'
import { setupValidator, TIME_ZONES } from '#validators/identity'

/** The first visitor of an empty installation makes the account that owns it. */
export default class SetupController {
  async create({ view }: HttpContext) {
    if (!(await isEmptyInstallation())) throw new E_NOT_FOUND()
    return view.render('pages/identity/setup', { timeZones: TIME_ZONES })
  }

  async store(ctx: HttpContext) {
    if (!(await isEmptyInstallation())) throw new E_NOT_FOUND()
    const { tenantName, newPassword, ...person } = await ctx.request.validateUsing(setupValidator)
    const passwordHash = await hashPassword(newPassword)
    const owner = { ...person, passwordHash, locale: ctx.i18n.locale }
    const { user } = await foundInstallation(owner, tenantName)
    await askToVerify(user)
    await recordFirstEntry(user, originOf(ctx))
    await openSessionFor(ctx, user)
    toast(ctx, ctx.i18n.t('identity.setup.done'))
    return ctx.response.redirect('/')
  }
}
