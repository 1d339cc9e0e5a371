import type { Router } from '@adonisjs/core/http'
import { endpoint } from '#core/api'
import projectionEndpoints from './endpoints/projection.js'
import scenarioEndpoints from './endpoints/scenarios.js'
import { batchEndpoints } from './endpoints/batch.js'
import plugin from './plugin.js'
import { profitAnswer } from './schemas.js'
import { contextFor } from './services/input_context.js'
import { priceMiner } from './services/price_miner.js'
import { profitQuery } from './validators.js'

export default function apiRoutes(router: Router) {
  endpoint(router, {
    method: 'post',
    path: 'profit',
    name: 'profit.store',
    guard: plugin.can('profit.view'),
    summary: 'calculator.api.profit',
    body: profitQuery,
    response: profitAnswer,
    handler: async ({ body }) => priceMiner(body, await contextFor(body, new Date())),
  })
  projectionEndpoints(router)
  scenarioEndpoints(router)
  batchEndpoints(router)
}
