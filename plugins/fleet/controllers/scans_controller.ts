import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import Collector from '../models/collector.js'

/** Asks a collector to look at all its ranges now. */
export default class ScansController {
  async store(ctx: HttpContext) {
    const collector = await Collector.named(ctx.params.id)
    if (!collector.revokedAt) await collector.askForScan()
    return done(ctx, ctx.i18n.t('fleet.collector.scan_asked', { name: collector.name }))
  }
}
