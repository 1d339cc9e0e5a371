import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { BadInput } from '#core/errors'
import { restrict } from '#core/table'
import { parseTableQuery } from '#core/table_query'
import plugin from '../plugin.js'
import { minerRows, minersTable } from '../services/miners_table.js'
import { choicesOf } from '../services/page_choices.js'
import { changeMany } from '../services/page_many_changes.js'
import { isCustomer } from '../services/page_places.js'
import { changesSchema } from '../validators.js'

/** One change to several miners at once: to those that were ticked, or to all that match. */
export default class MinerChangesController {
  async store(ctx: HttpContext) {
    const { ids, all, search, ...wish } = await ctx.request.validateUsing(changesSchema)
    if (wish.act === 'customer' && wish.customerId && !(await isCustomer(wish.customerId))) {
      throw new BadInput([{ field: 'customerId', key: 'fleet.fault.customer' }])
    }
    const chosen = all === undefined ? ids! : await matching(search ?? '')
    if (all !== undefined && chosen.length !== all) {
      const message = ctx.i18n.t('fleet.bulk.moved', { now: chosen.length, seen: all })
      return done(ctx, message, { kind: 'warn' })
    }
    const changed = await changeMany(chosen, wish)
    const left = chosen.length - changed
    const message = ctx.i18n.t('fleet.bulk.done', { count: changed, left })
    return done(ctx, message, { kind: changed === 0 ? 'warn' : 'good' })
  }
}

/** The miners that the filter of the list leaves now; throws E_TABLE_QUERY for what is no filter. */
async function matching(search: string): Promise<string[]> {
  const isClient = !plugin.allows('collector.view')
  const definition = minersTable(await choicesOf(isClient), isClient)
  const asked = parseTableQuery(definition, Object.fromEntries(new URLSearchParams(search)))
  const rows = await restrict(definition, minerRows().clearSelect().select('f.id'), asked)
  return rows.map(({ id }) => id as string)
}
