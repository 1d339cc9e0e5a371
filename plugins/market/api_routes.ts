import type { Router } from '@adonisjs/core/http'
import vine from '@vinejs/vine'
import { endpoint, moment } from '#core/api'
import plugin from './plugin.js'
import { latestValues } from './services/stored_values.js'

const storedValue = vine.object({
  series: vine.string(),
  value: vine.number(),
  source: vine.string(),
  at: moment(),
  quality: vine.enum(['imported', 'single', 'agreed', 'disputed']),
  detail: vine
    .array(
      vine.object({
        source: vine.string(),
        value: vine.number(),
        verdict: vine.enum(['used', 'agrees', 'differs', 'implausible', 'absurd']),
      })
    )
    .optional(),
})

export default function apiRoutes(router: Router) {
  endpoint(router, {
    method: 'get',
    path: 'latest',
    name: 'latest.show',
    guard: plugin.can('series.view'),
    summary: 'market.api.latest',
    response: vine.object({ data: vine.array(storedValue) }),
    handler: async () => ({ data: Object.values(await latestValues()) }),
  })
}
