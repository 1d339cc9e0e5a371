import { definePlugin } from '#core/plugin'

export default definePlugin({
  name: 'market',
  permissions: {
    'series.view': ['mining_site_owner', 'operator', 'client', 'guest', 'owner', 'admin'],
    'series.import': ['owner', 'admin'],
    'provider.view': ['owner', 'admin'],
    'provider.edit': ['owner', 'admin'],
  },
  nav: [
    {
      label: 'market.nav.overview',
      route: 'market.overview.show',
      permission: 'series.view',
      icon: 'graph-up-arrow',
      group: 'money',
    },
    {
      label: 'market.nav.providers',
      route: 'market.providers.index',
      permission: 'provider.view',
      icon: 'broadcast',
      group: 'admin',
    },
  ],
  widgets: [
    { label: 'market.widget.latest', route: 'market.latest.show', permission: 'series.view' },
  ],
  routes: () => import('./routes.js'),
  apiRoutes: () => import('./api_routes.js'),
  schedule: () => import('./schedule.js'),
  prepare: () => import('./prepare.js'),
  secrets: () => import('./services/provider_keys.js'),
  landing: () => import('./landing.js'),
})
