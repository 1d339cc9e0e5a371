import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { labelOf, retryRun } from '#services/jobs_runs'

/** A failed or cancelled run starts over. */
export default class JobsRetriesController {
  async store(ctx: HttpContext) {
    const { id, job } = await retryRun(ctx.params.id)
    return done(ctx, ctx.i18n.t('jobs.retried', { job: labelOf(job, ctx.i18n) }), {
      to: `/jobs/${id}`,
    })
  }
}
