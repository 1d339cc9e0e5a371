import type { Router } from '@adonisjs/core/http'
import plugin from './plugin.js'

const Profit = () => import('./controllers/api_profit_controller.js')

export default function apiRoutes(router: Router) {
  router.post('profit', [Profit, 'store']).as('profit.store').use(plugin.can('profit.view'))
}
