import type { HttpContext } from '@adonisjs/core/http'
import { type Outcome, signInsOf } from '#services/sign_in_history'
import { browserOf } from '#services/user_agents'

const isEntry = (outcome: Outcome) => outcome.startsWith('signed_in')

/** Who tried to sign in as this person, and from where. */
export default class SignInsController {
  async index({ view, presence }: HttpContext) {
    const rows = await signInsOf(presence.user!.id)
    const signIns = rows.map(({ user_agent, ...row }) => ({
      ...row,
      browser: browserOf(user_agent),
      kind: isEntry(row.outcome) ? 'good' : 'warn',
    }))
    return view.render('pages/account/sign_ins', { signIns })
  }
}
