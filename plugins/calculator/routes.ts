import type { Router } from '@adonisjs/core/http'
import { limitGuests } from '#core/limits'
import plugin from './plugin.js'
import scenarioRoutes from './routes/scenarios.js'
import miniRoutes from './routes/mini.js'
import { batchRoutes } from './routes/batch.js'

const Profit = () => import('./controllers/profit_controller.js')
const OwnModels = () => import('./controllers/own_models_controller.js')
const Archives = () => import('./controllers/own_model_archives_controller.js')

export default function routes(router: Router) {
  miniRoutes(router)
  router
    .get('/', [Profit, 'show'])
    .as('profit.show')
    .use([plugin.open('profit.view'), limitGuests('calculator', 120)])
  router.get('models', [OwnModels, 'index']).as('own_models.index').use(plugin.can('model.view'))
  router.post('models', [OwnModels, 'store']).as('own_models.store').use(plugin.can('model.edit'))
  router
    .post('models/:id/archive', [Archives, 'store'])
    .as('own_model_archives.store')
    .use(plugin.can('model.edit'))
  router
    .post('models/:id/restoration', [Archives, 'destroy'])
    .as('own_model_archives.destroy')
    .use(plugin.can('model.edit'))
  scenarioRoutes(router)
  batchRoutes(router)
}
