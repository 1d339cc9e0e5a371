import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { formOf, readForm } from '#core/form'
import Site from '#models/site'
import Zone from '#models/zone'
import { done } from '#core/answers'
import { applyChanges, findRecord, withUniqueCode } from '#services/records'
import { zoneSchema } from '#validators/places'

const prefix = 'admin.zone.field'

/** Parts of a site: a hall, a container, a row. */
export default class ZonesController {
  async create(ctx: HttpContext) {
    const site = await findRecord(Site, ctx.params.siteId)
    return ctx.view.render('pages/zones/form', {
      site,
      zone: null,
      fields: formOf(ctx, zoneSchema, { prefix }),
    })
  }

  async store(ctx: HttpContext) {
    const site = await findRecord(Site, ctx.params.siteId)
    const values = await readForm(ctx, zoneSchema)
    const zone = await withUniqueCode(ctx, values.code, () =>
      Zone.create({ ...values, siteId: site.id })
    )
    await core.track(zone, 'zone.created', { code: zone.code, siteId: site.id })
    return done(ctx, ctx.i18n.t('admin.zone.created', { name: zone.name }), {
      to: `/sites/${site.id}`,
    })
  }

  async edit(ctx: HttpContext) {
    const zone = await findRecord(Zone, ctx.params.id)
    return ctx.view.render('pages/zones/form', {
      site: await findRecord(Site, zone.siteId),
      zone,
      fields: formOf(ctx, zoneSchema, { values: { ...zone.$attributes }, prefix }),
    })
  }

  async update(ctx: HttpContext) {
    const zone = await findRecord(Zone, ctx.params.id)
    const values = await readForm(ctx, zoneSchema)
    const changes = await withUniqueCode(ctx, values.code, () => applyChanges(zone, values))
    if (Object.keys(changes).length > 0) {
      await core.track(zone, 'zone.changed', { code: zone.code }, changes)
    }
    return done(ctx, ctx.i18n.t('admin.saved'), { to: `/sites/${zone.siteId}` })
  }
}
