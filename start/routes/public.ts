import router from '@adonisjs/core/services/router'
import { compressed } from '#core/compress'
import { open, signedIn } from '#core/open'
import { pageStack } from '#start/kernel'

const Health = () => import('#controllers/health_controller')
const Home = () => import('#controllers/home_controller')
const Languages = () => import('#controllers/languages_controller')
const CspReports = () => import('#controllers/csp_reports_controller')

router.get('health/live', [Health, 'live']).as('health.live').use(open())
router.get('health/ready', [Health, 'ready']).as('health.ready').use(open())
router.post('csp-report', [CspReports, 'store']).as('csp_reports.store').use(open())

router
  .group(() => {
    router.get('/', [Home, 'show']).as('home').use([open(), compressed()])
    router.get('language/:code', [Languages, 'update']).as('languages.update').use(open())
    router.post('switch/tenant', [Home, 'switchTenant']).as('switch.tenant').use(signedIn())
    router.post('switch/site', [Home, 'switchSite']).as('switch.site').use(signedIn())
  })
  .use(pageStack)
