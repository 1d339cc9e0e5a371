import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import Customer from '#models/customer'
import { done } from '#core/answers'
import { findRecord, setArchived } from '#services/records'

/** Puts a customer away, and back: nothing is ever deleted. */
export default class CustomerArchivalsController {
  async store(ctx: HttpContext) {
    const customer = await findRecord(Customer, ctx.params.id)
    if (await setArchived(customer, true)) {
      const changes = { archivedAt: [null, customer.archivedAt?.toISO()] } as const
      await core.track(customer, 'customer.archived', { code: customer.code }, changes)
    }
    const undoUrl = `/customers/${customer.id}/restoration`
    return done(ctx, ctx.i18n.t('admin.archived', { name: customer.name }), {
      undoUrl,
      to: '/customers',
    })
  }

  async destroy(ctx: HttpContext) {
    const customer = await findRecord(Customer, ctx.params.id)
    const before = customer.archivedAt?.toISO() ?? null
    if (await setArchived(customer, false)) {
      const changes = { archivedAt: [before, null] } as const
      await core.track(customer, 'customer.changed', { code: customer.code }, changes)
    }
    return done(ctx, ctx.i18n.t('admin.restored', { name: customer.name }))
  }
}
