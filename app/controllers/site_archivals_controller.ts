import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import Site from '#models/site'
import { done } from '#core/answers'
import { findRecord, setArchived } from '#services/records'

/** Puts a site away, and back: nothing is ever deleted. */
export default class SiteArchivalsController {
  async store(ctx: HttpContext) {
    const site = await findRecord(Site, ctx.params.id)
    if (await setArchived(site, true)) {
      const changes = { archivedAt: [null, site.archivedAt?.toISO()] } as const
      await core.track(site, 'site.archived', { code: site.code }, changes)
    }
    const undoUrl = `/sites/${site.id}/restoration`
    return done(ctx, ctx.i18n.t('admin.archived', { name: site.name }), { undoUrl, to: '/sites' })
  }

  async destroy(ctx: HttpContext) {
    const site = await findRecord(Site, ctx.params.id)
    const before = site.archivedAt?.toISO() ?? null
    if (await setArchived(site, false)) {
      const changes = { archivedAt: [before, null] } as const
      await core.track(site, 'site.changed', { code: site.code }, changes)
    }
    return done(ctx, ctx.i18n.t('admin.restored', { name: site.name }))
  }
}
