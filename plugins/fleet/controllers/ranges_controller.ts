import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { readForm } from '#core/form'
import Collector from '../models/collector.js'
import { addRange, removeRange } from '../services/page_ranges.js'
import { rangeSchema } from '../validators.js'

/** Where a collector may look, and nowhere else. */
export default class RangesController {
  async store(ctx: HttpContext) {
    const collector = await Collector.named(ctx.params.id)
    const wish = await readForm(ctx, rangeSchema)
    const { isPublic } = await addRange(collector, wish)
    const key = isPublic ? 'fleet.range_form.added_public' : 'fleet.range_form.added'
    return done(ctx, ctx.i18n.t(key, { addresses: wish.addresses }), {
      to: `/fleet/collectors/${collector.id}`,
      kind: isPublic ? 'warn' : 'good',
    })
  }

  async destroy(ctx: HttpContext) {
    const { collector, addresses } = await removeRange(ctx.params.id)
    return done(ctx, ctx.i18n.t('fleet.range_form.removed', { addresses }), {
      to: `/fleet/collectors/${collector.id}`,
    })
  }
}
