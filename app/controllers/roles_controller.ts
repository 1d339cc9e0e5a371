import type { HttpContext } from '@adonisjs/core/http'
import vine from '@vinejs/vine'
import core from '#core/core'
import { ROLES } from '#core/roles'
import { done } from '#core/answers'
import { decide, resetRole, tenantMatrix } from '#services/role_matrix'
import { toast } from '#services/shell'

const decision = vine.create(
  vine.object({
    permission: vine.string().maxLength(200),
    granted: vine.boolean(),
    undo: vine.boolean().optional(),
  })
)

/** Who may do what: six roles, and what this tenant decided otherwise. */
export default class RolesController {
  async index(ctx: HttpContext) {
    const matrix = await tenantMatrix()
    return ctx.view.render('pages/roles/index', {
      roles: ROLES,
      matrix,
      mayEdit: core.allows('role.edit'),
      decided: matrix
        .flatMap(({ permissions }) => permissions.flatMap(({ cells }) => cells))
        .filter(({ overridden }) => overridden).length,
    })
  }

  async update(ctx: HttpContext) {
    const { permission, granted, undo } = await ctx.request.validateUsing(decision)
    const { role } = ctx.params
    await decide(role, permission, granted)
    const message = ctx.i18n.t(granted ? 'admin.roles.granted' : 'admin.roles.taken', {
      role: ctx.i18n.t(`admin.role.${role}`),
      permission,
    })
    if (undo || !ctx.shell.fragment) return done(ctx, message, { to: undo ? undefined : '/roles' })
    const query = new URLSearchParams({ permission, granted: String(!granted), undo: 'true' })
    toast(ctx, message, { undoUrl: `/roles/${role}/permissions?${query}` })
    return this.index(ctx)
  }

  async destroy(ctx: HttpContext) {
    const count = await resetRole(ctx.params.role)
    return done(ctx, ctx.i18n.t('admin.roles.reset_done', { count }), { to: '/roles' })
  }
}
