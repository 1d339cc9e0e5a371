import { definePlugin } from '#core/plugin'

export default definePlugin({
  name: 'market',
  permissions: {
    'series.view': ['mining_site_owner', 'operator', 'client', 'guest', 'owner', 'admin'],
    'series.import': ['owner', 'admin'],
  },
  nav: [
    {
      label: 'market.nav.overview',
      route: 'market.series.index',
      permission: 'series.view',
      icon: 'graph-up-arrow',
      group: 'money',
    },
  ],
  widgets: [
    { label: 'market.widget.latest', route: 'market.latest.show', permission: 'series.view' },
  ],
  routes: () => import('./routes.js'),
  apiRoutes: () => import('./api_routes.js'),
  landing: () => import('./landing.js'),
})
