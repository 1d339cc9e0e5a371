import { defineConfig } from '@adonisjs/shield'
import app from '@adonisjs/core/services/app'
import { isHttps } from '#config/app'

/** Vite's development server speaks over a web socket; production has no other origin at all. */
const devSockets = app.inDev ? ['ws:'] : []

export default defineConfig({
  csp: {
    enabled: true,
    directives: {
      defaultSrc: [`'none'`],
      scriptSrc: ['@nonce', `'strict-dynamic'`],
      styleSrc: [`'self'`, '@nonce'],
      imgSrc: [`'self'`, 'data:'],
      connectSrc: [`'self'`, ...devSockets],
      fontSrc: [`'self'`],
      manifestSrc: [`'self'`],
      formAction: [`'self'`],
      baseUri: [`'none'`],
      frameAncestors: [`'none'`],
      objectSrc: [`'none'`],
      reportUri: ['/csp-report'],
    },
    reportOnly: false,
  },
  csrf: {
    enabled: true,
    exceptRoutes: ['/csp-report'],
    enableXsrfCookie: false,
    methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  },
  xFrame: { enabled: true, action: 'DENY' },
  hsts: { enabled: isHttps, maxAge: '365 days', includeSubDomains: true },
  contentTypeSniffing: { enabled: true },
})
