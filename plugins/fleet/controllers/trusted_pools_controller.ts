import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { readForm } from '#core/form'
import { distrustPool, trustPool } from '../services/page_pools.js'
import { poolSchema } from '../validators.js'

/** Pools that the miners of this company may work for. */
export default class TrustedPoolsController {
  async store(ctx: HttpContext) {
    const { host, note } = await readForm(ctx, poolSchema)
    await trustPool(host, note ?? null)
    return done(ctx, ctx.i18n.t('fleet.pools.trusted_done', { host }), { to: '/fleet/pools' })
  }

  async destroy(ctx: HttpContext) {
    const host = await distrustPool(ctx.params.id)
    return done(ctx, ctx.i18n.t('fleet.pools.distrusted_done', { host }), { to: '/fleet/pools' })
  }
}
