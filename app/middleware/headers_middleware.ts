import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

const POLICY = {
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}

/** Headers of every answer, files and errors included; and the answer to a cross-site write. */
export default class HeadersMiddleware {
  handle({ request, response }: HttpContext, next: NextFn) {
    for (const [name, value] of Object.entries(POLICY)) response.header(name, value)
    const site = request.header('sec-fetch-site')
    const writes = !['GET', 'HEAD', 'OPTIONS'].includes(request.method())
    if (writes && site === 'cross-site') return response.status(403).send('Cross-site request')
    return next()
  }
}
