import type { HttpContext } from '@adonisjs/core/http'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import { actors, auditEvent, auditRows, diffOf, eventsAbout, factsOf } from '#services/audit'
import { auditTable } from '#services/tables/audit'

/** What happened in this tenant, newest first. Nobody can change it. */
export default class AuditController {
  async index(ctx: HttpContext) {
    const definition = auditTable(await actors())
    if (wantsCsv(ctx)) return sendCsv(ctx, definition, auditRows())
    return ctx.view.render('pages/audit/index', {
      table: await tableOf(ctx, definition, auditRows()),
      diffOf,
      factsOf,
    })
  }

  async show(ctx: HttpContext) {
    const event = await auditEvent(ctx.params.id)
    return ctx.view.render('pages/audit/show', {
      event,
      leafHash: (event.leaf_hash as Buffer).toString('hex'),
      changes: diffOf(event.payload),
      facts: factsOf(event.payload),
      others: await eventsAbout(event.subject_type, event.subject_id),
    })
  }
}
