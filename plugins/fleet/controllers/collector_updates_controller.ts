import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { E_NOT_FOUND } from '#core/errors'
import Collector from '../models/collector.js'
import { orderUpdate, rollOut } from '../services/updates.js'

const inService = async (id: unknown) => {
  const collector = await Collector.named(id)
  if (collector.revokedAt) throw new E_NOT_FOUND()
  return collector
}

/** The version that a collector is to run. */
export default class CollectorUpdatesController {
  async store(ctx: HttpContext) {
    const collector = await inService(ctx.params.id)
    const version = await orderUpdate(collector)
    const { name, id } = collector
    const to = `/fleet/collectors/${id}`
    return done(ctx, ctx.i18n.t('fleet.version.ordered', { name, version }), { to })
  }

  /** This one first, then all others. */
  async rollOut(ctx: HttpContext) {
    const collector = await inService(ctx.params.id)
    const { version, waiting: count } = await rollOut(collector)
    const { name, id } = collector
    const to = `/fleet/collectors/${id}`
    return done(ctx, ctx.i18n.t('fleet.version.planned', { name, version, count }), { to })
  }
}
