import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { current } from '#core/current'
import type { Changes } from '#core/events'
import { formOf, readForm } from '#core/form'
import { done } from '#core/answers'
import { diffOf, eventsAbout } from '#services/audit'
import { tenantSettingsSchema } from '#validators/people'

const prefix = 'admin.tenant.field'

async function ownTenant() {
  const { client } = current.get()
  return client
    .from('tenants')
    .where('id', current.tenantId())
    .select('id', 'slug', 'name', 'currency')
    .firstOrFail()
}

/** What the tenant says about itself. */
export default class SettingsController {
  async edit(ctx: HttpContext) {
    const tenant = await ownTenant()
    return ctx.view.render('pages/settings/edit', {
      diffOf,
      fields: formOf(ctx, tenantSettingsSchema, { values: tenant, prefix }),
      history: core.allows('audit.view') ? await eventsAbout('tenants', tenant.id) : [],
    })
  }

  async update(ctx: HttpContext) {
    const values = await readForm(ctx, tenantSettingsSchema)
    const tenant = await ownTenant()
    const changes: Changes = Object.fromEntries(
      (['name', 'currency'] as const)
        .filter((key) => tenant[key] !== values[key])
        .map((key) => [key, [tenant[key], values[key]] as const])
    )
    if (Object.keys(changes).length > 0) {
      const { client } = current.get()
      await client
        .from('tenants')
        .where('id', tenant.id)
        .update({ ...values, updated_at: new Date() })
      const subject = { type: 'tenants', id: tenant.id }
      await core.track(subject, 'tenant.changed', { slug: tenant.slug }, changes)
    }
    return done(ctx, ctx.i18n.t('admin.saved'), { to: '/settings' })
  }
}
