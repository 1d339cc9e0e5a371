import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { BadInput } from '#core/errors'
import Miner from '../models/miner.js'
import { changeMiner, retireMiner } from '../services/page_miner_changes.js'
import { isCustomer, isZoneOf } from '../services/page_places.js'
import { changesSchema } from '../validators.js'

interface Wish {
  act: 'zone' | 'customer' | 'maintenance' | 'active' | 'retire'
  zoneId?: string | null
  customerId?: string | null
}

/** One change to several miners at once. */
export default class MinerChangesController {
  async store(ctx: HttpContext) {
    const wish = await ctx.request.validateUsing(changesSchema)
    if (wish.act === 'customer' && wish.customerId && !(await isCustomer(wish.customerId))) {
      throw new BadInput([{ field: 'customerId', key: 'fleet.fault.customer' }])
    }
    const miners = await Miner.chosen(wish.ids)
    let changed = 0
    for (const miner of miners) if (await apply(miner, wish)) changed += 1
    const message = ctx.i18n.t('fleet.bulk.done', {
      count: changed,
      left: wish.ids.length - changed,
    })
    return done(ctx, message, { kind: changed === 0 ? 'warn' : 'good' })
  }
}

/** Whether something changed. */
async function apply(miner: Miner, { act, zoneId, customerId }: Wish): Promise<boolean> {
  if (!miner.isOurs) return false
  if (act === 'retire') return retireMiner(miner, null)
  if (act === 'customer') return changeMiner(miner, { customerId: customerId ?? null })
  if (act !== 'zone') return changeMiner(miner, { status: act })
  if (zoneId && !(await isZoneOf(zoneId, miner.siteId))) return false
  return changeMiner(miner, { zoneId: zoneId ?? null })
}
