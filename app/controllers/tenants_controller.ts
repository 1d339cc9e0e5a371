import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { formOf, readForm } from '#core/form'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import { done } from '#core/answers'
import { tenantsTable } from '#services/tables/tenants'
import { createTenant, tenantHistory, tenantOf, tenantRows } from '#services/tenants'
import { tenantSchema } from '#validators/people'

const prefix = 'admin.tenant.field'

/** The companies on this installation, for the people who run it. */
export default class TenantsController {
  async index(ctx: HttpContext) {
    if (wantsCsv(ctx)) return sendCsv(ctx, tenantsTable, tenantRows())
    return ctx.view.render('pages/tenants/index', {
      table: await tableOf(ctx, tenantsTable, tenantRows()),
      mayEdit: core.allows('platform.edit'),
    })
  }

  create(ctx: HttpContext) {
    const values = { currency: 'USD' }
    return ctx.view.render('pages/tenants/form', {
      fields: formOf(ctx, tenantSchema, { values, prefix }),
    })
  }

  async store(ctx: HttpContext) {
    const values = await readForm(ctx, tenantSchema)
    const id = await createTenant(ctx, values)
    const { name, ownerEmail: email } = values
    return done(ctx, ctx.i18n.t('admin.tenant.created', { name, email }), { to: `/tenants/${id}` })
  }

  async show(ctx: HttpContext) {
    const tenant = await tenantOf(ctx.params.id)
    return ctx.view.render('pages/tenants/show', {
      tenant,
      history: await tenantHistory(tenant.id),
      mayEdit: core.allows('platform.edit'),
    })
  }
}
