import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { BadInput } from '#core/errors'
import Miner from '../models/miner.js'
import { mergeMiner, replaceMiner } from '../services/page_miner_changes.js'
import { otherSchema } from '../validators.js'

async function pairOf({ params, request }: HttpContext) {
  const miner = await Miner.named(params.id)
  const { other: no } = await request.validateUsing(otherSchema)
  const other: Miner | null = await Miner.query().where('no', no).first()
  if (!other) throw new BadInput([{ field: 'other', key: 'fleet.fault.no_miner' }])
  return { miner, other }
}

/** Two entries that are one machine, or a machine that takes the place of another. */
export default class MinerMergersController {
  async store(ctx: HttpContext) {
    const { miner, other } = await pairOf(ctx)
    await mergeMiner(miner, other)
    const message = ctx.i18n.t('fleet.miner.merged', { name: miner.title, other: other.title })
    return done(ctx, message, { to: `/fleet/miners/${other.id}` })
  }

  async replace(ctx: HttpContext) {
    const { miner, other } = await pairOf(ctx)
    await replaceMiner(miner, other)
    const message = ctx.i18n.t('fleet.miner.replaced', { name: miner.title, other: other.title })
    return done(ctx, message, { to: `/fleet/miners/${other.id}` })
  }
}
