import type { Router } from '@adonisjs/core/http'
import plugin from '../plugin.js'

const Meters = () => import('../controllers/meters_controller.js')

/** Power meters and sensors of sites: below /fleet/meters. */
export default function meterRoutes(router: Router) {
  const view = () => plugin.can('meter.view')
  const edit = () => plugin.can('meter.edit')
  router
    .group(() => {
      router.get('/', [Meters, 'index']).as('index').use(view())
      router.get('create', [Meters, 'create']).as('create').use(edit())
      router.post('/', [Meters, 'store']).as('store').use(edit())
      router.get(':id', [Meters, 'show']).as('show').use(view())
      router.get(':id/edit', [Meters, 'edit']).as('edit').use(edit())
      router.post(':id', [Meters, 'update']).as('update').use(edit())
      router.post(':id/removal', [Meters, 'destroy']).as('destroy').use(edit())
    })
    .prefix('meters')
    .as('meters')
}
