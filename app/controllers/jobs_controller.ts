import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { sendCsv, tableOf, wantsCsv } from '#core/table'
import { findRun, runRows, runView } from '#services/jobs_runs'
import { runsTable } from '#services/jobs_table'

/** Work in the background of the current tenant. */
export default class JobsController {
  async index(ctx: HttpContext) {
    const definition = runsTable(ctx.i18n)
    if (wantsCsv(ctx)) return sendCsv(ctx, definition, runRows())
    const table = await tableOf(ctx, definition, runRows())
    return ctx.view.render('pages/jobs/index', {
      table,
      runs: table.rows.map((row) => runView(row, ctx.i18n)),
      mayRetry: core.allows('job.retry'),
    })
  }

  async show(ctx: HttpContext) {
    const run = runView(await findRun(ctx.params.id), ctx.i18n)
    return ctx.view.render('pages/jobs/show', { run, mayRetry: core.allows('job.retry') })
  }
}
