import type { Router } from '@adonisjs/core/http'
import { endpoint } from '#core/api'
import plugin from '../plugin.js'
import { heatmapAnswer, projectionAnswer, sensitivityAnswer } from '../schemas_projection.js'
import { heatmapOf } from '../services/heatmap.js'
import { contextFor } from '../services/input_context.js'
import { projectMiner } from '../services/project_miner.js'
import { sensitivityOf } from '../services/sensitivity.js'
import { heatmapQuery, projectionQuery, sensitivityQuery } from '../validators_projection.js'

/** What an investment returns, over time, over prices and over changes of its inputs. */
export default function projectionEndpoints(router: Router) {
  const guard = () => plugin.can('profit.view')
  endpoint(router, {
    method: 'post',
    path: 'projection',
    name: 'projection.store',
    guard: guard(),
    summary: 'calculator_projection.api.projection',
    body: projectionQuery,
    response: projectionAnswer,
    handler: async ({ body }) => projectMiner(body, await contextFor(body, new Date())),
  })
  endpoint(router, {
    method: 'post',
    path: 'heatmap',
    name: 'heatmap.store',
    guard: guard(),
    summary: 'calculator_projection.api.heatmap',
    body: heatmapQuery,
    response: heatmapAnswer,
    handler: async ({ body }) => heatmapOf(body, await contextFor(body, new Date())),
  })
  endpoint(router, {
    method: 'post',
    path: 'sensitivity',
    name: 'sensitivity.store',
    guard: guard(),
    summary: 'calculator_projection.api.sensitivity',
    body: sensitivityQuery,
    response: sensitivityAnswer,
    handler: async ({ body }) => sensitivityOf(body, await contextFor(body, new Date())),
  })
}
