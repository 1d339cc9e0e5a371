import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { formOf, readForm } from '#core/form'
import { isId } from '#core/ids'
import { mayGrant, TENANT_ROLES } from '#core/roles'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import { done } from '#core/answers'
import { eventsAbout } from '#services/audit'
import { checkGrant } from '#services/grants'
import { memberRows, scopeChoices, stateOf } from '#services/members'
import { membershipToChange, regrant } from '#services/memberships'
import { membersTable } from '#services/tables/members'
import { membershipSchema } from '#validators/people'

const prefix = 'admin.member.field'

/** The roles that the actor may give, as choices. */
export const roleChoices = ({ i18n }: HttpContext) =>
  TENANT_ROLES.filter((role) => mayGrant(current.get().role, role)).map((value) => ({
    value,
    label: i18n.t(`admin.role.${value}`),
  }))

/** The members of the tenant: who may act, as what, how far and until when. */
export default class UsersController {
  async index(ctx: HttpContext) {
    if (wantsCsv(ctx)) return sendCsv(ctx, membersTable, memberRows())
    const table = await tableOf(ctx, membersTable, memberRows())
    const { siteIds } = await scopeChoices()
    return ctx.view.render('pages/users/index', {
      table,
      stateOf,
      siteNames: new Map(siteIds.map(({ value, label }) => [value, label])),
      mayInvite: core.allows('user.invite'),
    })
  }

  async show(ctx: HttpContext) {
    if (!isId(ctx.params.id)) throw new E_NOT_FOUND()
    const member = await memberRows().where('memberships.id', ctx.params.id).first()
    if (!member) throw new E_NOT_FOUND()
    const { siteIds } = await scopeChoices()
    const { userId, role } = current.get()
    return ctx.view.render('pages/users/show', {
      member,
      status: stateOf(member),
      sites: siteIds.filter(({ value }) => member.site_ids?.includes(value)),
      isSelf: member.user_id === userId,
      mayEdit: core.allows('user.edit') && member.user_id !== userId && mayGrant(role, member.role),
      events: core.allows('audit.view') ? await eventsAbout('memberships', member.id) : [],
    })
  }

  async edit(ctx: HttpContext) {
    const membership = await membershipToChange(ctx.params.id)
    const member = await memberRows().where('memberships.id', membership.id).firstOrFail()
    const choices = { ...(await scopeChoices()), role: roleChoices(ctx) }
    return ctx.view.render('pages/users/form', {
      member,
      fields: formOf(ctx, membershipSchema, {
        values: { ...membership.$attributes },
        prefix,
        choices,
      }),
    })
  }

  async update(ctx: HttpContext) {
    const membership = await membershipToChange(ctx.params.id)
    const values = await readForm(ctx, membershipSchema)
    await regrant(membership, await checkGrant(ctx, values))
    return done(ctx, ctx.i18n.t('admin.saved'), { to: `/users/${membership.id}` })
  }
}
