import type { Router } from '@adonisjs/core/http'
import vine from '@vinejs/vine'
import { endpoint, listFields, listOf, moment, page, wholeNumber } from '#core/api'
import { current } from '#core/current'
import type { Row } from '#core/table'
import Scenario from '../models/scenario.js'
import plugin from '../plugin.js'
import { profitAnswer } from '../schemas.js'
import { fieldsIn } from '../services/asked_question.js'
import { futureBrief } from '../services/future_brief.js'
import { KINDS } from '../services/scenario_answer.js'
import { detailedJson, listedJson } from '../services/scenario_json.js'
import { saveScenario } from '../services/scenario_store.js'
import { answersOf } from '../services/scenario_table.js'
import { scenarioBody } from '../validators_scenarios.js'

const label = () => ({
  id: vine.string(),
  name: vine.string(),
  note: vine.string().nullable(),
  kind: vine.enum(KINDS),
  miner: vine.string().nullable(),
  query: vine.record(vine.string()),
  savedAt: moment(),
  archivedAt: moment().nullable(),
})

const answer = () =>
  vine.object({
    kind: vine.enum(KINDS),
    at: moment(),
    day: profitAnswer.clone(),
    future: futureBrief(),
  })

const item = vine.object({
  ...label(),
  savedProfitCents: wholeNumber(),
  nowProfitCents: wholeNumber().nullable(),
  problems: vine.array(vine.string()),
})

const detail = vine.object({
  ...label(),
  /** The answer of this moment; null with `problems` when there is none. */
  now: answer().nullable(),
  problems: vine.array(vine.string()),
  /** The answer that was saved; null when this version cannot read it. */
  saved: answer().nullable(),
})

/** Saved questions over the API. */
export default function scenarioEndpoints(router: Router) {
  const view = plugin.can('scenario.view')
  endpoint(router, {
    method: 'get',
    path: 'scenarios',
    name: 'scenarios.index',
    guard: view,
    summary: 'calculator_scenarios.api.index',
    query: vine.object(listFields()),
    response: listOf(item),
    handler: async ({ query, ctx }) => {
      const { client } = current.get()
      const rows = client
        .from('calculator_scenarios')
        .where('tenant_id', current.tenantId())
        .whereNull('archived_at')
        .select('id', 'name', 'note', 'kind', 'miner', 'query', 'profit_cents', 'answered_at')
      const { data, nextCursor } = await page<Row>(rows, query)
      const answers = await answersOf(data, ctx.i18n)
      const items = data.map((row) => listedJson(row, answers.get(row.id)!))
      return { data: items, nextCursor }
    },
  })
  endpoint(router, {
    method: 'get',
    path: 'scenarios/:id',
    name: 'scenarios.show',
    guard: view,
    summary: 'calculator_scenarios.api.show',
    response: detail,
    handler: async ({ params, ctx }) => detailedJson(await Scenario.named(params.id), ctx.i18n),
  })
  endpoint(router, {
    method: 'post',
    path: 'scenarios',
    name: 'scenarios.store',
    guard: plugin.can('scenario.edit'),
    summary: 'calculator_scenarios.api.store',
    body: scenarioBody,
    response: detail,
    status: 201,
    handler: async ({ body, ctx }) => {
      const { name, note, kind, query } = body
      const question = { kind: kind ?? 'day', query: fieldsIn(query) }
      const saved = await saveScenario({ name, note: note ?? null }, question, ctx.i18n)
      return detailedJson(saved, ctx.i18n)
    },
  })
}
