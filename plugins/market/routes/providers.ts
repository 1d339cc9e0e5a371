import type { Router } from '@adonisjs/core/http'
import plugin from '../plugin.js'

const Providers = () => import('../controllers/providers_controller.js')
const Feeds = () => import('../controllers/provider_feeds_controller.js')

/** Where figures come from: for the staff of the installation, below /market. */
export default function providerRoutes(router: Router) {
  const edit = () => plugin.can('provider.edit')
  router
    .group(() => {
      router.get('/', [Providers, 'index']).as('index').use(plugin.can('provider.view'))
      router.get(':provider/edit', [Providers, 'edit']).as('edit').use(edit())
      router.post(':provider', [Providers, 'update']).as('update').use(edit())
      router.post(':provider/key/removal', [Providers, 'destroy']).as('key.destroy').use(edit())
      router.post(':provider/:datum/position', [Feeds, 'move']).as('feed.move').use(edit())
      router.post(':provider/:datum/activation', [Feeds, 'store']).as('feed.enable').use(edit())
      router
        .post(':provider/:datum/deactivation', [Feeds, 'destroy'])
        .as('feed.disable')
        .use(edit())
      router.post(':provider/:datum/trial', [Feeds, 'try']).as('feed.try').use(edit())
    })
    .prefix('providers')
    .as('providers')
}
