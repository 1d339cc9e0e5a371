import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { formOf, readForm } from '#core/form'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import Customer from '#models/customer'
import { done } from '#core/answers'
import { membersOfCustomer } from '#services/members'
import { applyChanges, findRecord, withUniqueCode } from '#services/records'
import { customerRows, customersTable } from '#services/tables/customers'
import { customerSchema } from '#validators/places'

const prefix = 'admin.customer.field'

/** Hosting clients of the tenant. */
export default class CustomersController {
  async index(ctx: HttpContext) {
    if (wantsCsv(ctx)) return sendCsv(ctx, customersTable, customerRows())
    return ctx.view.render('pages/customers/index', {
      table: await tableOf(ctx, customersTable, customerRows()),
      mayEdit: core.allows('customer.edit'),
    })
  }

  create(ctx: HttpContext) {
    const fields = formOf(ctx, customerSchema, { prefix })
    return ctx.view.render('pages/customers/form', { customer: null, fields })
  }

  async store(ctx: HttpContext) {
    const values = await readForm(ctx, customerSchema)
    const customer = await withUniqueCode(ctx, values.code, () => Customer.create(values))
    const { code, name } = values
    await core.track(customer, 'customer.created', { code, name })
    return done(ctx, ctx.i18n.t('admin.customer.created', { name }), {
      to: `/customers/${customer.id}`,
    })
  }

  async show(ctx: HttpContext) {
    const customer = await findRecord(Customer, ctx.params.id)
    return ctx.view.render('pages/customers/show', {
      customer,
      people: core.allows('user.view') ? await membersOfCustomer(customer.id) : null,
      mayEdit: core.allows('customer.edit'),
      mayInvite: core.allows('user.invite'),
    })
  }

  async edit(ctx: HttpContext) {
    const customer = await findRecord(Customer, ctx.params.id)
    const values = { ...customer.$attributes }
    return ctx.view.render('pages/customers/form', {
      customer,
      fields: formOf(ctx, customerSchema, { values, prefix }),
    })
  }

  async update(ctx: HttpContext) {
    const customer = await findRecord(Customer, ctx.params.id)
    const values = await readForm(ctx, customerSchema)
    const changes = await withUniqueCode(ctx, values.code, () => applyChanges(customer, values))
    if (Object.keys(changes).length > 0) {
      await core.track(customer, 'customer.changed', { code: customer.code }, changes)
    }
    return done(ctx, ctx.i18n.t('admin.saved'), { to: `/customers/${customer.id}` })
  }
}
