import limiter from '@adonisjs/limiter/services/main'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { current } from '#core/current'
import { E_TOO_MANY } from '#core/errors'

/**
 * Lets guests use a public page so many times a minute, counted by network address in PostgreSQL;
 * people who are signed in are not counted.
 */
export function limitGuests(name: string, perMinute: number) {
  const limit = async ({ request }: HttpContext, next: NextFn) => {
    if (current.peek()?.userId) return next()
    const counter = limiter.use({ requests: perMinute, duration: '1 minute' })
    const key = `${name}:${request.ip()}`
    if (await counter.attempt(key, () => true)) return next()
    const retryAfter = await counter.availableIn(key)
    throw Object.assign(new E_TOO_MANY([retryAfter]), { retryAfter })
  }
  return Object.defineProperty(limit, 'name', { value: `limit:${name}` })
}
