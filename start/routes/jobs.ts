import router from '@adonisjs/core/services/router'
import core from '#core/core'
import { pageStack } from '#start/kernel'

const Jobs = () => import('#controllers/jobs_controller')
const Progress = () => import('#controllers/jobs_progress_controller')
const Retries = () => import('#controllers/jobs_retries_controller')
const Cancellations = () => import('#controllers/jobs_cancellations_controller')
const Installation = () => import('#controllers/jobs_installation_controller')
const Revivals = () => import('#controllers/jobs_event_revivals_controller')

router
  .group(() => {
    router.get('/', [Jobs, 'index']).as('index').use(core.can('job.view'))
    router.get(':id', [Jobs, 'show']).as('show').use(core.can('job.view'))
    router.get(':id/progress', [Progress, 'show']).as('progress').use(core.can('job.view'))
    router.post(':id/retry', [Retries, 'store']).as('retry').use(core.can('job.retry'))
    router
      .post(':id/cancellation', [Cancellations, 'store'])
      .as('cancel')
      .use(core.can('job.retry'))
  })
  .prefix('jobs')
  .as('jobs')
  .use(pageStack)

/** The whole installation, for its staff: no tenant needed. */
router
  .group(() => {
    router.get('/', [Installation, 'show']).as('installation').use(core.can('platform.view'))
    router
      .post('events/:tenantId/:eventId/revival', [Revivals, 'store'])
      .as('events.revive')
      .use(core.can('platform.edit'))
  })
  .prefix('queues')
  .as('jobs')
  .use(pageStack)
