import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import { changesOf } from '#core/events'
import { logAccount } from '#services/account_log'
import { toast } from '#services/shell'
import { accountValidator, CURRENCIES, TIME_ZONES } from '#validators/identity'

/** Who the person is and how they want to read figures. */
export default class AccountController {
  show({ view, presence }: HttpContext) {
    const user = presence.user!
    return view.render('pages/account/show', {
      user,
      currencies: CURRENCIES,
      timeZones: TIME_ZONES,
    })
  }

  async update(ctx: HttpContext) {
    const user = ctx.presence.user!
    user.merge(await ctx.request.validateUsing(accountValidator))
    const changes = changesOf(user)
    await db.connection('login').transaction(async (trx) => {
      await user.useTransaction(trx).save()
      const subject = { subjectType: 'user', subjectId: user.id } as const
      await logAccount({ ...subject, name: 'user.changed', facts: { changes } }, trx)
    })
    ctx.session.put('locale', user.locale)
    toast(ctx, ctx.i18n.t('account.saved'))
    return ctx.response.redirect().toRoute('account.show')
  }
}
