import type { HttpContext } from '@adonisjs/core/http'
import { done } from '#core/answers'
import { cancelRun, labelOf } from '#services/jobs_runs'

/** An open run is stopped. */
export default class JobsCancellationsController {
  async store(ctx: HttpContext) {
    const { id, job } = await cancelRun(ctx.params.id)
    return done(ctx, ctx.i18n.t('jobs.cancelled', { job: labelOf(job, ctx.i18n) }), {
      to: `/jobs/${id}`,
    })
  }
}
