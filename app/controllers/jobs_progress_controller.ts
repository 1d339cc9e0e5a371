import type { HttpContext } from '@adonisjs/core/http'
import { findRun, runView } from '#services/jobs_runs'

/** How far one run is, as a fragment that any page can hold; it asks again while the run is open. */
export default class JobsProgressController {
  async show(ctx: HttpContext) {
    const run = runView(await findRun(ctx.params.id), ctx.i18n)
    if (!run.isOpen) ctx.response.header('HX-Trigger', 'jobEnded')
    return ctx.view.render('pages/jobs/_progress', { run })
  }
}
