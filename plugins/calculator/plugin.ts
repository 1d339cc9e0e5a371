import vine from '@vinejs/vine'
import { definePlugin } from '#core/plugin'
import { batchDefaults, batchEvents, batchSettings } from './batch_manifest.js'

export default definePlugin({
  name: 'calculator',
  dependsOn: ['market'],
  permissions: {
    'profit.view': ['mining_site_owner', 'operator', 'client', 'guest', 'owner', 'admin'],
    'model.view': ['mining_site_owner', 'operator', 'client'],
    'model.edit': ['mining_site_owner', 'operator', 'client'],
    'scenario.view': ['mining_site_owner', 'operator', 'client'],
    'scenario.edit': ['mining_site_owner', 'operator', 'client'],
    'setting.edit': ['mining_site_owner'],
    'batch.view': ['mining_site_owner', 'client'],
    'batch.run': ['mining_site_owner', 'client'],
  },
  events: {
    'model.created': {
      facts: vine.object({
        name: vine.string(),
        hashrateThs: vine.number(),
        powerW: vine.number(),
      }),
    },
    'model.archived': { facts: vine.object({ name: vine.string() }) },
    'model.restored': { facts: vine.object({ name: vine.string() }) },
    'scenario.saved': { facts: vine.object({ name: vine.string() }) },
    'scenario.renamed': { facts: vine.object({ name: vine.string() }) },
    'scenario.archived': { facts: vine.object({ name: vine.string() }) },
    'scenario.restored': { facts: vine.object({ name: vine.string() }) },
    'scenario.shared': { facts: vine.object({ name: vine.string(), expiresAt: vine.string() }) },
    'scenario.unshared': { facts: vine.object({ name: vine.string() }) },
    ...batchEvents,
  },
  settings: {
    permission: 'setting.edit',
    schema: vine.object({
      usdPerKwh: vine
        .number()
        .range([-1, 5])
        .optional()
        .meta({ label: 'calculator.setting.usdPerKwh', unit: '$/kWh' }),
      poolFeePct: vine
        .number()
        .range([0, 100])
        .optional()
        .meta({ label: 'calculator.setting.poolFeePct', unit: '%' }),
      overheadPct: vine
        .number()
        .range([0, 500])
        .optional()
        .meta({ label: 'calculator.setting.overheadPct', unit: '%' }),
      ...batchSettings,
    }),
    defaults: batchDefaults,
  },
  nav: [
    {
      label: 'calculator.nav.profit',
      route: 'calculator.profit.show',
      permission: 'profit.view',
      icon: 'calculator',
      group: 'money',
    },
  ],
  routes: () => import('./routes.js'),
  apiRoutes: () => import('./api_routes.js'),
  schedule: () => import('./schedule.js'),
  cases: () => import('./cases.js'),
  landing: () => import('./landing.js'),
  prepare: () => import('./prepare.js'),
})
