import type { Router } from '@adonisjs/core/http'
import plugin from './plugin.js'
import providerRoutes from './routes/providers.js'

const Series = () => import('./controllers/series_controller.js')
const Latest = () => import('./controllers/latest_controller.js')

export default function routes(router: Router) {
  router.get('/', [Series, 'index']).as('series.index').use(plugin.open('series.view'))
  router.get('latest', [Latest, 'show']).as('latest.show').use(plugin.open('series.view'))
  providerRoutes(router)
}
