import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { current } from '#core/current'
import { formOf, readForm } from '#core/form'
import { done } from '#core/answers'
import { grantStaff, revokeStaff, staffRows } from '#services/platform_staff'
import { staffSchema } from '#validators/people'

const prefix = 'admin.staff.field'

/** The people who run the installation. Only an owner of the platform gives and takes these roles. */
export default class StaffController {
  async index(ctx: HttpContext) {
    return ctx.view.render('pages/staff/index', {
      people: await staffRows(),
      selfId: current.get().userId,
      mayEdit: core.allows('staff.edit'),
      fields: formOf(ctx, staffSchema, { values: { role: 'admin' }, prefix }),
    })
  }

  async store(ctx: HttpContext) {
    const { email, role } = await readForm(ctx, staffSchema)
    await grantStaff(ctx, email, role)
    return done(ctx, ctx.i18n.t('admin.staff.granted', { email }), { to: '/staff' })
  }

  async destroy(ctx: HttpContext) {
    const { full_name: name } = await revokeStaff(ctx.params.id)
    return done(ctx, ctx.i18n.t('admin.staff.removed', { name }), { to: '/staff' })
  }
}
