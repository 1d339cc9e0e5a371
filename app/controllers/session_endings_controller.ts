import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import { logAccount } from '#services/account_log'
import { endSessions } from '#services/session_store'
import { toast } from '#services/shell'
import { closeSession } from '#services/sign_in'

/** Signs the person out everywhere, here too. */
export default class SessionEndingsController {
  async store(ctx: HttpContext) {
    const user = ctx.presence.user!
    await db.connection('login').transaction(async (trx) => {
      const facts = { ended: await endSessions(user.id, undefined, trx) }
      await logAccount(
        { subjectType: 'user', subjectId: user.id, name: 'sessions.ended', facts },
        trx
      )
    })
    await closeSession(ctx)
    toast(ctx, ctx.i18n.t('account.sessions.all_ended'))
    return ctx.response.redirect().toRoute('session.create')
  }
}
