import type { Router } from '@adonisjs/core/http'
import plugin from '../plugin.js'

const Collectors = () => import('../controllers/collectors_controller.js')
const Ranges = () => import('../controllers/ranges_controller.js')
const Scans = () => import('../controllers/scans_controller.js')
const Revocations = () => import('../controllers/collector_revocations_controller.js')
const Updates = () => import('../controllers/collector_updates_controller.js')
const Safety = () => import('../controllers/safety_policies_controller.js')
const Discovery = () => import('../controllers/discovery_controller.js')
const Acceptances = () => import('../controllers/found_acceptances_controller.js')
const Dismissals = () => import('../controllers/found_dismissals_controller.js')

/** Collectors and what they find: below /fleet/collectors and /fleet/discovery. */
export default function collectorRoutes(router: Router) {
  const view = () => plugin.can('collector.view')
  const edit = () => plugin.can('collector.edit')
  const take = () => plugin.can('miner.edit')
  router
    .group(() => {
      router.get('/', [Collectors, 'index']).as('index').use(view())
      router.get('create', [Collectors, 'create']).as('create').use(edit())
      router.post('/', [Collectors, 'store']).as('store').use(edit())
      router.get(':id', [Collectors, 'show']).as('show').use(view())
      router.get(':id/edit', [Collectors, 'edit']).as('edit').use(edit())
      router.post(':id', [Collectors, 'update']).as('update').use(edit())
      router.post(':id/scans', [Scans, 'store']).as('scan').use(take())
      router.post(':id/ranges', [Ranges, 'store']).as('ranges.store').use(edit())
      router.post(':id/update', [Updates, 'store']).as('update_version').use(edit())
      router.post(':id/rollout', [Updates, 'rollOut']).as('roll_out').use(edit())
      router.post(':id/revocation', [Revocations, 'store']).as('revoke').use(edit())
    })
    .prefix('collectors')
    .as('collectors')
  router.post('ranges/:id/removal', [Ranges, 'destroy']).as('ranges.destroy').use(edit())
  const safe = () => plugin.can('safety.edit')
  router.get('safety/:id/edit', [Safety, 'edit']).as('safety.edit').use(safe())
  router.post('safety/:id', [Safety, 'update']).as('safety.update').use(safe())
  router
    .group(() => {
      router.get('/', [Discovery, 'index']).as('index').use(view())
      router.post('acceptances', [Acceptances, 'store']).as('accept').use(take())
      router.post('dismissals', [Dismissals, 'store']).as('ignore').use(take())
      router.post('restorations', [Dismissals, 'destroy']).as('reconsider').use(take())
    })
    .prefix('discovery')
    .as('discovery')
}
