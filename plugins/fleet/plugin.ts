import vine from '@vinejs/vine'
import { definePlugin } from '#core/plugin'
import { retentionDefaults, retentionSettings } from './retention_settings.js'
import { importEvents, importPermissions } from './import_manifest.js'
import { edgeEvents, edgePermissions } from './edge_manifest.js'
import { pageEvents, pageNav, pagePermissions, pageWidgets } from './pages_manifest.js'

const named = vine.object({ name: vine.string(), site: vine.string() })

export default definePlugin({
  name: 'fleet',
  permissions: {
    'miner.view': ['mining_site_owner', 'operator', 'client'],
    'miner.edit': ['mining_site_owner', 'operator'],
    'collector.view': ['mining_site_owner', 'operator'],
    'collector.edit': ['mining_site_owner'],
    ...pagePermissions,
    ...importPermissions,
    ...edgePermissions,
  },
  events: {
    'collector.invited': { facts: named },
    'collector.enrolled': {
      facts: vine.object({ name: vine.string(), site: vine.string(), fingerprint: vine.string() }),
    },
    'collector.changed': { facts: vine.object({ name: vine.string() }) },
    'collector.revoked': { facts: vine.object({ name: vine.string() }) },
    ...edgeEvents,
    'alarm.raised': {
      facts: vine.object({ kind: vine.string() }).allowUnknownProperties(),
    },
    'alarm.cleared': { facts: vine.object({ kind: vine.string() }) },
    'miner.accepted': { facts: vine.object({ count: vine.number(), site: vine.string() }) },
    ...pageEvents,
    ...importEvents,
  },
  settings: {
    permission: 'collector.edit',
    schema: vine.object(retentionSettings),
    defaults: retentionDefaults,
  },
  nav: pageNav,
  widgets: pageWidgets,
  routes: () => import('./routes.js'),
  palette: () => import('./palette.js'),
  apiPath: 'telemetry',
  apiRoutes: () => import('./api_routes.js'),
  edgeRoutes: () => import('./edge_routes.js'),
  schedule: () => import('./schedule.js'),
  cases: () => import('./cases.js'),
  demo: () => import('./demo.js'),
})
