import type { Router } from '@adonisjs/core/http'
import { limitGuests } from '#core/limits'
import plugin from './plugin.js'
import providerRoutes from './routes/providers.js'

const Overview = () => import('./controllers/overview_controller.js')
const Epochs = () => import('./controllers/epochs_controller.js')
const Series = () => import('./controllers/series_controller.js')
const History = () => import('./controllers/history_controller.js')
const Latest = () => import('./controllers/latest_controller.js')

export default function routes(router: Router) {
  const seen = [plugin.open('series.view'), limitGuests('market', 120)]
  router.get('/', [Overview, 'show']).as('overview.show').use(seen)
  router.get('epochs', [Epochs, 'index']).as('epochs.index').use(seen)
  router.get('series', [Series, 'index']).as('series.index').use(seen)
  router.get('history.csv', [History, 'show']).as('history.show').use(seen)
  router.get('latest', [Latest, 'show']).as('latest.show').use(plugin.open('series.view'))
  providerRoutes(router)
}
