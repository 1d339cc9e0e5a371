import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { formOf, readForm } from '#core/form'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import Site from '#models/site'
import Zone from '#models/zone'
import { done } from '#core/answers'
import { applyChanges, findRecord, withUniqueCode } from '#services/records'
import { refuseNarrowScope } from '#services/scope'
import { siteRows, sitesTable } from '#services/tables/sites'
import { siteSchema } from '#validators/places'

const prefix = 'admin.site.field'

/** The places where miners stand. */
export default class SitesController {
  async index(ctx: HttpContext) {
    if (wantsCsv(ctx)) return sendCsv(ctx, sitesTable, siteRows())
    return ctx.view.render('pages/sites/index', {
      table: await tableOf(ctx, sitesTable, siteRows()),
      mayEdit: core.allows('site.edit'),
    })
  }

  create(ctx: HttpContext) {
    const values = { timeZone: ctx.shell.timeZone }
    return ctx.view.render('pages/sites/form', {
      site: null,
      fields: formOf(ctx, siteSchema, { values, prefix }),
    })
  }

  async store(ctx: HttpContext) {
    const values = await readForm(ctx, siteSchema)
    refuseNarrowScope()
    const site = await withUniqueCode(ctx, values.code, () => Site.create(values))
    const { code, name, timeZone } = values
    await core.track(site, 'site.created', { code, name, timeZone })
    return done(ctx, ctx.i18n.t('admin.site.created', { name }), { to: `/sites/${site.id}` })
  }

  async show(ctx: HttpContext) {
    const site = await findRecord(Site, ctx.params.id)
    const zones = await Zone.query().where('site_id', site.id).orderBy('code')
    return ctx.view.render('pages/sites/show', {
      site,
      zones: zones.filter((zone: Zone) => !zone.archivedAt),
      archivedZones: zones.filter((zone: Zone) => zone.archivedAt),
      mayEdit: core.allows('site.edit'),
    })
  }

  async edit(ctx: HttpContext) {
    const site = await findRecord(Site, ctx.params.id)
    return ctx.view.render('pages/sites/form', {
      site,
      fields: formOf(ctx, siteSchema, { values: { ...site.$attributes }, prefix }),
    })
  }

  async update(ctx: HttpContext) {
    const site = await findRecord(Site, ctx.params.id)
    const values = await readForm(ctx, siteSchema)
    const changes = await withUniqueCode(ctx, values.code, () => applyChanges(site, values))
    if (Object.keys(changes).length > 0) {
      await core.track(site, 'site.changed', { code: site.code }, changes)
    }
    return done(ctx, ctx.i18n.t('admin.saved'), { to: `/sites/${site.id}` })
  }
}
