import router from '@adonisjs/core/services/router'
import core from '#core/core'
import { pageStack } from '#start/kernel'

const Jobs = () => import('#controllers/jobs_controller')

router
  .group(() => {
    router.get('jobs', [Jobs, 'index']).as('jobs.index').use(core.can('job.view'))
  })
  .use(pageStack)
