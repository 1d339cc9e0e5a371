import type { Router } from '@adonisjs/core/http'
import plugin from './plugin.js'
import collectorRoutes from './routes/collectors.js'
import importRoutes from './routes/imports.js'
import meterRoutes from './routes/meters.js'
import minerRoutes from './routes/miners.js'

const Overview = () => import('./controllers/overview_controller.js')
const Alarms = () => import('./controllers/alarm_clearances_controller.js')
const Map = () => import('./controllers/map_controller.js')
const Places = () => import('./controllers/places_controller.js')
const Pools = () => import('./controllers/pools_controller.js')
const Trusted = () => import('./controllers/trusted_pools_controller.js')
const Storage = () => import('./controllers/storage_controller.js')

export default function routes(router: Router) {
  const seen = () => plugin.can('miner.view')
  router.get('/', [Overview, 'show']).as('overview.show').use(seen())
  router.get('now', [Overview, 'now']).as('overview.now').use(seen())
  router.get('summary', [Overview, 'widget']).as('widget.show').use(seen())
  router
    .post('alarms/:id/clearance', [Alarms, 'store'])
    .as('alarms.clear')
    .use(plugin.can('miner.edit'))

  router.get('map', [Map, 'show']).as('map.show').use(plugin.can('map.view'))
  router.post('map/places', [Places, 'store']).as('places.store').use(plugin.can('miner.edit'))

  const trust = () => plugin.can('pool.edit')
  router.get('pools', [Pools, 'index']).as('pools.index').use(plugin.can('pool.view'))
  router.post('pools/trusted', [Trusted, 'store']).as('pools.trust').use(trust())
  router.post('pools/trusted/:id/removal', [Trusted, 'destroy']).as('pools.distrust').use(trust())

  router.get('storage', [Storage, 'show']).as('storage.show').use(plugin.can('storage.view'))
  minerRoutes(router)
  importRoutes(router)
  collectorRoutes(router)
  meterRoutes(router)
}
