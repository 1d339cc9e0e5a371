import db from '@adonisjs/lucid/services/db'
import { defineInstallationJob } from '#core/jobs'
import { sweepSessions } from '#services/session_store'

const login = () => db.connection('login')

/** Forgets what ended by itself: sessions, mailed links, and throttles that hold nobody any more. */
export default defineInstallationJob({
  async run() {
    const sessions = await sweepSessions()
    const links = await login()
      .from('one_time_tokens')
      .whereRaw(`expires_at < now() - interval '7 days'`)
      .delete()
    const throttles = await login()
      .from('sign_in_throttles')
      .whereRaw(`last_failure_at < now() - interval '1 day'`)
      .whereRaw('(blocked_until is null or blocked_until < now())')
      .delete()
    return { sessions: Number(sessions), links: Number(links), throttles: Number(throttles) }
  },
})
