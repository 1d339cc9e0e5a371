import type { HttpContext } from '@adonisjs/core/http'
import db from '@adonisjs/lucid/services/db'
import { E_NOT_FOUND } from '#core/errors'
import { logAccount } from '#services/account_log'
import { endSession, sessionHash, sessionsOf } from '#services/session_store'
import { toast } from '#services/shell'
import { browserOf } from '#services/user_agents'

const isHash = (id: unknown): id is string => typeof id === 'string' && /^[0-9a-f]{64}$/.test(id)

/** Where the person is signed in. */
export default class SessionsController {
  async index({ view, presence, session }: HttpContext) {
    const present = sessionHash(session.sessionId).toString('hex')
    const rows = await sessionsOf(presence.user!.id)
    const sessions = rows.map(({ user_agent, ...row }) => ({
      ...row,
      browser: browserOf(user_agent),
      present: row.id === present,
    }))
    return view.render('pages/account/sessions', { sessions })
  }

  async destroy(ctx: HttpContext) {
    const user = ctx.presence.user!
    const { id } = ctx.params
    if (!isHash(id)) throw new E_NOT_FOUND()
    await db.connection('login').transaction(async (trx) => {
      if (!(await endSession(user.id, id, trx))) throw new E_NOT_FOUND()
      await logAccount({ subjectType: 'user', subjectId: user.id, name: 'session.ended' }, trx)
    })
    toast(ctx, ctx.i18n.t('account.sessions.ended'))
    return ctx.response.redirect().toRoute('sessions.index')
  }
}
