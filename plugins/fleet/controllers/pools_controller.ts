import type { HttpContext } from '@adonisjs/core/http'
import { formOf } from '#core/form'
import plugin from '../plugin.js'
import { openAlarms } from '../services/page_overview.js'
import { poolRows, trustedPools } from '../services/page_pools.js'
import { wordsOf } from '../services/page_words.js'
import { poolSchema } from '../validators.js'

/** Whom the fleet works for. */
export default class PoolsController {
  async index(ctx: HttpContext) {
    const trusted = await trustedPools()
    return ctx.view.render('fleet::pools/index', {
      pools: await poolRows(trusted),
      trusted,
      alarms: await openAlarms('pool_changed'),
      words: wordsOf(ctx.i18n),
      fields: formOf(ctx, poolSchema, { prefix: 'fleet.field' }),
      mayEdit: plugin.allows('pool.edit'),
      mayClear: plugin.allows('miner.edit'),
    })
  }
}
