import { defineConfig } from '@adonisjs/session'
import { isHttps } from '#config/app'
import { portalSessions } from '#services/session_store'

/** Idle and absolute ends are the store's (30 min, 12 h); the cookie itself ends with the browser. */
export default defineConfig({
  enabled: true,
  cookieName: isHttps ? '__Host-hi_session' : 'hi_session',
  clearWithBrowser: true,
  age: '12h',
  cookie: { path: '/', httpOnly: true, secure: isHttps, sameSite: 'lax' },
  store: 'database',
  stores: { database: portalSessions() },
})
