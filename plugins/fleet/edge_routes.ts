import type { Router } from '@adonisjs/core/http'
import { limitGuests } from '#core/limits'
import { open } from '#core/open'
import { collectorGuard } from './services/collector_auth.js'

const Packages = () => import('./controllers/collector_packages_controller.js')
const Edge = () => import('./controllers/edge_controller.js')

/** What collectors ask. */
export default function edgeRoutes(router: Router) {
  const signed = collectorGuard()
  router
    .post('enroll', [Edge, 'enrol'])
    .as('enrol')
    .use([open(), limitGuests('fleet-enrol', 10)])
  router.get('collector.tgz', [Packages, 'show']).as('package.show').use(open())
  router.get('collector.tgz.sha256', [Packages, 'sum']).as('package.sum').use(open())
  router.post('heartbeat', [Edge, 'heartbeat']).as('heartbeat').use(signed)
  router.post('telemetry', [Edge, 'telemetry']).as('telemetry').use(signed)
  router.post('discovery', [Edge, 'discovery']).as('discovery').use(signed)
  router.post('safety', [Edge, 'safety']).as('safety').use(signed)
  router.get('config', [Edge, 'config']).as('config').use(signed)
}
