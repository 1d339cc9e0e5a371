import app from '@adonisjs/core/services/app'
import env from '#start/env'
import { defineConfig } from '@adonisjs/core/http'
import proxyAddr from 'proxy-addr'

/** Signs cookies and encrypts what leaves the process. */
export const appKey = env.get('APP_KEY')
export const appUrl = env.get('APP_URL')

/** https cookies exactly where people reach the portal over https, so that a LAN address works too. */
export const isHttps = appUrl.startsWith('https://')

const trusted = (env.get('TRUST_PROXY') ?? '').split(',').filter(Boolean)

export const http = defineConfig({
  generateRequestId: true,
  allowMethodSpoofing: false,
  useAsyncLocalStorage: true,
  trustProxy: trusted.length > 0 ? proxyAddr.compile(trusted) : () => false,
  redirect: { forwardQueryString: false },
  cookie: {
    domain: '',
    path: '/',
    maxAge: '12h',
    httpOnly: true,
    secure: isHttps,
    sameSite: 'lax',
  },
  serializeErrors: !app.inProduction,
} as Parameters<typeof defineConfig>[0])
