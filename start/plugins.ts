/*
|--------------------------------------------------------------------------
| Plugins
|--------------------------------------------------------------------------
|
| Mounts every installed plugin: views under its own disk, pages under
| /<name>, endpoints under /api/v1/<name> or their own word, what machines ask under /edge/v1.
| Registration only: no query, no network. Whether a tenant may use them is asked per request.
|
*/

import app from '@adonisjs/core/services/app'
import router from '@adonisjs/core/services/router'
import edge from 'edge.js'
import plugins from '#config/plugins'
import { open } from '#core/open'
import { registerFor } from '#core/reactions'
import { apiStack, edgeStack, middleware, pageStack } from '#start/kernel'
// Before the plugins, and before the catch-all at the end: the first route that fits wins.
import '#start/routes'

for (const plugin of plugins) {
  edge.mount(plugin.name, app.makePath(plugin.path('views')))

  const pages = await plugin.routes?.()
  if (pages) {
    router
      .group(() => pages.default(router))
      .prefix(plugin.name)
      .as(plugin.name)
      .use([...pageStack, middleware.plugin({ name: plugin.name })])
  }

  const endpoints = await plugin.apiRoutes?.()
  if (endpoints) {
    router
      .group(() => endpoints.default(router))
      .prefix(`api/v1/${plugin.apiPath ?? plugin.name}`)
      .as(`api.${plugin.name}`)
      .use([...apiStack, middleware.plugin({ name: plugin.name })])
  }

  const edgeRoutes = await plugin.edgeRoutes?.()
  if (edgeRoutes) {
    router
      .group(() => edgeRoutes.default(router))
      .prefix('edge/v1')
      .as(`edge.${plugin.name}`)
      .use(edgeStack)
  }

  const listeners = await plugin.listeners?.()
  if (listeners) registerFor(plugin.name, listeners.default)
}

// Any other address is a page that is not there; those of programs and files answer for themselves.
const Missing = () => import('#controllers/missing_controller')
router
  .group(() => {
    router.get(':first', [Missing, 'show']).as('first')
    router.get(':first/*', [Missing, 'show']).as('deeper')
  })
  .where('first', /^(?!(api|edge|assets)$)[^/]+$/)
  .as('missing')
  .use([...pageStack, open()])
