import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { acceptFound } from '../services/accept.js'
import { acceptable } from '../services/page_found.js'
import { foundSchema } from '../validators.js'

/** Staged machines become ours. */
export default class FoundAcceptancesController {
  async store(ctx: HttpContext) {
    const { ids } = await ctx.request.validateUsing(foundSchema)
    const count = await acceptFound({ ids: await acceptable(ids) })
    const kind = count === 0 ? 'warn' : 'good'
    return done(ctx, ctx.i18n.t('fleet.discovery.accepted', { count }), { kind })
  }
}
