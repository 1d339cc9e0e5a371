import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import Miner from '../models/miner.js'
import plugin from '../plugin.js'
import { serviceSchema } from '../validators.js'

/** What somebody did to a miner with their hands; the log keeps it, and the passport shows it. */
export default class MinerServicesController {
  async store(ctx: HttpContext) {
    const miner = await Miner.named(ctx.params.id)
    const { work, note } = await ctx.request.validateUsing(serviceSchema)
    await plugin.track(miner, 'miner.serviced', { ...miner.facts, work, note: note ?? '' })
    return done(ctx, ctx.i18n.t('fleet_service.kept'), { to: `/fleet/miners/${miner.id}` })
  }
}
