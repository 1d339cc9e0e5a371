/*
|--------------------------------------------------------------------------
| Kernel
|--------------------------------------------------------------------------
|
| What every request passes, and the two stacks a route can choose: pages
| (session, CSRF, CSP) and the API (bearer tokens, no cookie).
|
*/

import router from '@adonisjs/core/services/router'
import server from '@adonisjs/core/services/server'

server.errorHandler(() => import('#exceptions/handler'))

server.use([
  () => import('#middleware/headers_middleware'),
  () => import('#middleware/container_bindings_middleware'),
  () => import('#middleware/packed_assets_middleware'),
  () => import('@adonisjs/static/static_middleware'),
  () => import('@adonisjs/vite/vite_middleware'),
])

router.use([
  () => import('#middleware/body_guard_middleware'),
  () => import('@adonisjs/core/bodyparser_middleware'),
  () => import('#middleware/readable_text_middleware'),
])

export const middleware = router.named({
  session: () => import('@adonisjs/session/session_middleware'),
  shield: () => import('@adonisjs/shield/shield_middleware'),
  identify: () => import('@adonisjs/auth/initialize_auth_middleware'),
  locale: () => import('#middleware/locale_middleware'),
  who: () => import('#middleware/who_middleware'),
  shell: () => import('#middleware/shell_middleware'),
  bearer: () => import('#middleware/bearer_middleware'),
  machine: () => import('#middleware/machine_middleware'),
  plugin: () => import('#middleware/plugin_middleware'),
})

/** For pages: who is it, in which language, for which tenant, inside one confined transaction. */
export const pageStack = [
  middleware.session(),
  middleware.locale(),
  middleware.shield(),
  middleware.identify(),
  middleware.who(),
  middleware.shell(),
]

/** For /api/v1: the token says who, which tenant and which scopes. */
export const apiStack = [middleware.bearer()]

/** For /edge/v1: machines sign each request; the plugin that knows their keys has the guard. */
export const edgeStack = [middleware.machine()]
