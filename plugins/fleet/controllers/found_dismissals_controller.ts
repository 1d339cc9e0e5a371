import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { ignoreFound, reconsiderFound } from '../services/page_found.js'
import { foundSchema } from '../validators.js'

/** Staged machines that are to be left alone, and those that are looked at again. */
export default class FoundDismissalsController {
  async store(ctx: HttpContext) {
    const { ids } = await ctx.request.validateUsing(foundSchema)
    const count = await ignoreFound(ids)
    const kind = count === 0 ? 'warn' : 'good'
    return done(ctx, ctx.i18n.t('fleet.discovery.ignored', { count }), { kind })
  }

  async destroy(ctx: HttpContext) {
    const { ids } = await ctx.request.validateUsing(foundSchema)
    const count = await reconsiderFound(ids)
    const kind = count === 0 ? 'warn' : 'good'
    return done(ctx, ctx.i18n.t('fleet.discovery.reconsidered', { count }), { kind })
  }
}
