import type { HttpContext } from '@adonisjs/core/http'

/** The address is a secret: it goes into no index, no cache and no referrer. */
export function noteToStrangers({ response }: HttpContext) {
  response.header('X-Robots-Tag', 'noindex, nofollow, noarchive')
  response.header('Referrer-Policy', 'no-referrer')
  response.header('Cache-Control', 'no-store')
}
