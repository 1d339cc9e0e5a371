import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import Zone from '#models/zone'
import { done } from '#core/answers'
import { findRecord, setArchived } from '#services/records'

/** Puts a zone away, and back: nothing is ever deleted. */
export default class ZoneArchivalsController {
  async store(ctx: HttpContext) {
    const zone = await findRecord(Zone, ctx.params.id)
    if (await setArchived(zone, true)) {
      const changes = { archivedAt: [null, zone.archivedAt?.toISO()] } as const
      await core.track(zone, 'zone.archived', { code: zone.code }, changes)
    }
    const undoUrl = `/zones/${zone.id}/restoration`
    return done(ctx, ctx.i18n.t('admin.archived', { name: zone.name }), {
      undoUrl,
      to: `/sites/${zone.siteId}`,
    })
  }

  async destroy(ctx: HttpContext) {
    const zone = await findRecord(Zone, ctx.params.id)
    const before = zone.archivedAt?.toISO() ?? null
    if (await setArchived(zone, false)) {
      const changes = { archivedAt: [before, null] } as const
      await core.track(zone, 'zone.changed', { code: zone.code }, changes)
    }
    return done(ctx, ctx.i18n.t('admin.restored', { name: zone.name }))
  }
}
