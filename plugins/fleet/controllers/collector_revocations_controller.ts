import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import Collector from '../models/collector.js'

/** Takes a collector out of service for good. */
export default class CollectorRevocationsController {
  async store(ctx: HttpContext) {
    const collector = await Collector.named(ctx.params.id)
    await collector.revoke()
    return done(ctx, ctx.i18n.t('fleet.collector.revoked_done', { name: collector.name }), {
      to: '/fleet/collectors',
    })
  }
}
