import type { Router } from '@adonisjs/core/http'
import plugin from '../plugin.js'

const Miners = () => import('../controllers/miners_controller.js')
const Changes = () => import('../controllers/miner_changes_controller.js')
const Retirements = () => import('../controllers/miner_retirements_controller.js')
const Mergers = () => import('../controllers/miner_mergers_controller.js')
const Services = () => import('../controllers/miner_services_controller.js')
const Labels = () => import('../controllers/miner_labels_controller.js')

/** Miners: below /fleet/miners. */
export default function minerRoutes(router: Router) {
  const view = () => plugin.can('miner.view')
  const edit = () => plugin.can('miner.edit')
  router
    .group(() => {
      router.get('/', [Miners, 'index']).as('index').use(view())
      router.post('changes', [Changes, 'store']).as('changes').use(edit())
      router.get(':id', [Miners, 'show']).as('show').use(view())
      router.get(':id/now', [Miners, 'now']).as('now').use(view())
      router.post(':id', [Miners, 'update']).as('update').use(edit())
      router.get(':id/edit', [Miners, 'edit']).as('edit').use(edit())
      router.get(':id/label', [Labels, 'show']).as('label').use(view())
      router.post(':id/services', [Services, 'store']).as('serve').use(edit())
      router.post(':id/retirement', [Retirements, 'store']).as('retire').use(edit())
      router.post(':id/restoration', [Retirements, 'destroy']).as('restore').use(edit())
      router.post(':id/merger', [Mergers, 'store']).as('merge').use(edit())
      router.post(':id/replacement', [Mergers, 'replace']).as('replace').use(edit())
    })
    .prefix('miners')
    .as('miners')
}
