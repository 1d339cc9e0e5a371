import vine from '@vinejs/vine'
import type { Router } from '@adonisjs/core/http'
import { endpoint, listFields, listOf, page } from '#core/api'
import Batch from '../models/batch.js'
import plugin from '../plugin.js'
import { enqueueRows, pageByLine, ROWS_AT_ONCE } from '../services/batch_api.js'
import { findBatch, lockBatch } from '../services/batch_find.js'
import { storedResult } from '../services/batch_result.js'
import { batchRows } from '../services/batch_tables.js'
import { settle } from '../services/batch_view.js'
import { answerNow, storedFault, summaryOf } from './batch_answers.js'
import { batchAnswer, batchQuestion, batchSummary, pricedRow, refusedRow } from './batch_schemas.js'

const list = vine.object(listFields())

/** Lines are whole numbers in order: the cursor is the last one. */
const byLine = vine.object({
  ...listFields(),
  cursor: vine
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
})

/** Batches of programs. */
export function batchEndpoints(router: Router) {
  askingEndpoint(router)
  listEndpoint(router)
  oneBatchEndpoints(router)
  partsEndpoints(router)
}

const view = () => plugin.can('batch.view')
const run = () => plugin.can('batch.run')

function askingEndpoint(router: Router) {
  endpoint(router, {
    method: 'post',
    path: 'batch',
    name: 'batch.store',
    guard: run(),
    summary: 'calculator_batch.api.price',
    body: batchQuestion,
    response: batchAnswer,
    isPromise: (answer) => 'id' in answer && answer.id !== null,
    async handler({ body: { name, shared = {}, rows }, ctx: { i18n } }) {
      if (rows.length <= ROWS_AT_ONCE) return answerNow(rows, shared, i18n)
      const batch = await enqueueRows(name ?? 'API', rows, shared)
      return { ...summaryOf(batch), rows: null, refused: null }
    },
  })
}

function listEndpoint(router: Router) {
  endpoint(router, {
    method: 'get',
    path: 'batches',
    name: 'batches.index',
    guard: view(),
    summary: 'calculator_batch.api.list',
    query: list,
    response: listOf(batchSummary.clone()),
    async handler({ query }) {
      const { data, nextCursor } = await page(batchRows().select('id'), query)
      const found: Batch[] = await Batch.query().whereIn(
        'id',
        data.map(({ id }) => id)
      )
      const byId = new Map(found.map((batch) => [batch.id, batch]))
      return { data: data.map(({ id }) => summaryOf(byId.get(id)!)), nextCursor }
    },
  })
}

function oneBatchEndpoints(router: Router) {
  endpoint(router, {
    method: 'get',
    path: 'batches/:id',
    name: 'batches.show',
    guard: view(),
    summary: 'calculator_batch.api.show',
    response: batchSummary.clone(),
    async handler({ params }) {
      const batch = await findBatch(params.id)
      await settle(batch)
      return summaryOf(batch)
    },
  })
  endpoint(router, {
    method: 'delete',
    path: 'batches/:id',
    name: 'batches.destroy',
    guard: run(),
    summary: 'calculator_batch.api.remove',
    response: vine.object({ id: vine.string() }),
    async handler({ params }) {
      const batch = await lockBatch(params.id)
      await batch.remove()
      return { id: batch.id }
    },
  })
}

function partsEndpoints(router: Router) {
  endpoint(router, {
    method: 'get',
    path: 'batches/:id/rows',
    name: 'batch_rows.index',
    guard: view(),
    summary: 'calculator_batch.api.rows',
    query: byLine,
    response: listOf(pricedRow.clone()),
    async handler({ params, query }) {
      const { id } = await findBatch(params.id)
      const { data, nextCursor } = await pageByLine('calculator_batch_rows', id, query)
      return { data: data.map(storedResult), nextCursor }
    },
  })
  endpoint(router, {
    method: 'get',
    path: 'batches/:id/faults',
    name: 'batch_faults.index',
    guard: view(),
    summary: 'calculator_batch.api.faults',
    query: byLine.clone(),
    response: listOf(refusedRow.clone()),
    async handler({ params, query, ctx: { i18n } }) {
      const { id } = await findBatch(params.id)
      const { data, nextCursor } = await pageByLine('calculator_batch_faults', id, query)
      return { data: data.map((row) => storedFault(row, i18n)), nextCursor }
    },
  })
}
