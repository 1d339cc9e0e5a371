import type { HttpContext } from '@adonisjs/core/http'
import core from '#core/core'
import { installationView } from '#services/jobs_overview'

/** Queues, schedules, undelivered events and workers of the whole installation, for its staff. */
export default class JobsInstallationController {
  async show({ view, i18n }: HttpContext) {
    return view.render('pages/jobs/installation', {
      ...(await installationView(i18n)),
      mayEdit: core.allows('platform.edit'),
      maySeeRuns: core.allows('job.view'),
    })
  }
}
