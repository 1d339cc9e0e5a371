import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import Miner from '../models/miner.js'
import { restoreMiner, retireMiner } from '../services/page_miner_changes.js'
import { reasonSchema } from '../validators.js'

/** Takes a miner out of the fleet, and back in. */
export default class MinerRetirementsController {
  async store(ctx: HttpContext) {
    const miner = await Miner.named(ctx.params.id)
    const { reason } = await ctx.request.validateUsing(reasonSchema)
    await retireMiner(miner, reason ?? null)
    return done(ctx, ctx.i18n.t('fleet.miner.retired', { name: miner.title }), {
      undoUrl: `/fleet/miners/${miner.id}/restoration`,
      to: `/fleet/miners/${miner.id}`,
    })
  }

  async destroy(ctx: HttpContext) {
    const miner = await Miner.named(ctx.params.id)
    await restoreMiner(miner)
    return done(ctx, ctx.i18n.t('fleet.miner.restored', { name: miner.title }))
  }
}
