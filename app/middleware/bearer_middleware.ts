import type { HttpContext } from '@adonisjs/core/http'
import config from '@adonisjs/core/services/config'
import type { NextFn } from '@adonisjs/core/types/http'
import limiter from '@adonisjs/limiter/services/main'
import { current, type Who } from '#core/current'
import { defineError } from '#core/errors'
import { detectLocale, speak } from '#middleware/locale_middleware'
import {
  E_TOKEN_INVALID,
  E_TOKEN_NEEDED,
  findToken,
  permissionsWithin,
  type TokenRow,
  touchToken,
} from '#services/api_tokens'
import { memberIn, type MembershipRow, validMemberships } from '#services/identities'

const BEARER = /^Bearer +(\S+)$/i

/** More requests than a token may make; the header Retry-After says when to come back. */
const E_RATE_LIMITED = defineError('Too many requests', 'E_RATE_LIMITED', 429)

/** Who asks through the API. */
export interface Bearer {
  token: TokenRow
  membership: MembershipRow
}

/**
 * Finds out whose token it is and runs the request as them, with no more than the token's scopes.
 * Cookies count for nothing here, so that no page of another site can use them.
 */
export default class BearerMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    speak(ctx, detectLocale(ctx))
    ctx.response.header('Content-Language', ctx.i18n.locale)
    ctx.response.header('Vary', 'Accept-Language, Authorization')
    ctx.response.header('Cache-Control', 'no-store')
    const { who, ...bearer } = await this.find(ctx)
    await this.limit(ctx, bearer.token)
    await touchToken(bearer.token)
    ctx.bearer = bearer
    await current.run(who, () => next())
  }

  private async find(ctx: HttpContext): Promise<Bearer & { who: Who }> {
    ctx.response.header('WWW-Authenticate', 'Bearer realm="hashinsight"')
    const text = BEARER.exec(ctx.request.header('authorization') ?? '')?.[1]
    if (!text) throw new E_TOKEN_NEEDED()
    ctx.response.header('WWW-Authenticate', 'Bearer realm="hashinsight", error="invalid_token"')
    const token = await findToken(text)
    const memberships = await validMemberships(token.user_id)
    const membership = memberships.find((row) => row.tenant_id === token.tenant_id)
    if (!membership) throw new E_TOKEN_INVALID()
    ctx.response.removeHeader('WWW-Authenticate')
    const owner = await memberIn(membership, { via: 'token', requestId: ctx.request.id() })
    const permissions = permissionsWithin(owner.permissions, token.scopes)
    return { token, membership, who: { ...owner, permissions } }
  }

  private async limit({ response }: HttpContext, { id }: TokenRow) {
    const requests = config.get<number>('api.requestsPerMinute')
    const bucket = limiter.use({ requests, duration: '1 min' })
    const { consumed, remaining, availableIn } = await bucket.increment(`api_token_${id}`)
    response.header('RateLimit-Policy', `${requests};w=60`)
    response.header('RateLimit-Limit', requests)
    response.header('RateLimit-Remaining', Math.max(0, remaining))
    response.header('RateLimit-Reset', availableIn)
    if (consumed > requests) {
      throw Object.assign(new E_RATE_LIMITED(), { retryAfter: Math.max(1, availableIn) })
    }
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    /** On routes of the API only. */
    bearer: Bearer
  }
}
