import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { setTenantSuspended } from '#services/tenants'

/** Closes a tenant to all its people, and opens it again. Nothing is deleted. */
export default class TenantSuspensionsController {
  async store(ctx: HttpContext) {
    const { id, name } = await setTenantSuspended(ctx.params.id, true)
    const undoUrl = `/tenants/${id}/resumption`
    return done(ctx, ctx.i18n.t('admin.tenant.suspended', { name }), { undoUrl })
  }

  async destroy(ctx: HttpContext) {
    const { id, name } = await setTenantSuspended(ctx.params.id, false)
    const undoUrl = `/tenants/${id}/suspension`
    return done(ctx, ctx.i18n.t('admin.tenant.resumed', { name }), { undoUrl })
  }
}
