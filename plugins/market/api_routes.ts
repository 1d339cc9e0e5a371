import type { Router } from '@adonisjs/core/http'
import plugin from './plugin.js'

const Latest = () => import('./controllers/api_latest_controller.js')

export default function apiRoutes(router: Router) {
  router.get('latest', [Latest, 'show']).as('latest.show').use(plugin.can('series.view'))
}
