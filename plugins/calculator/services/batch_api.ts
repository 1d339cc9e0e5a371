import { current } from '#core/current'
import { addRow, type BatchTotals, NO_TOTALS } from '../domain/batch_totals.js'
import { BATCH_FIELDS, BATCH_UNITS } from '../domain/batch_fields.js'
import type { BatchColumns } from '../domain/batch_heads.js'
import Batch from '../models/batch.js'
import type { RowFigures } from './batch_pricing.js'
import { type BatchReading } from './batch_reading.js'
import { type AskedRow, type BatchFault, BatchRows, type SharedInputs } from './batch_rows.js'
import { sharedSources } from './batch_sources.js'
import { startBatch } from './batch_start.js'
import { pastedText } from './batch_text.js'
import { loadContext } from './input_context.js'

/** A row as a program asks it: the fields of the calculator, a model by id or by name. */
export type ApiRow = Record<string, unknown>

/** As many rows are answered at once; more become a batch of the background. */
export const ROWS_AT_ONCE = 1_000

export interface AnsweredRow {
  /** The place of the row in the question, from 1. */
  line: number
  name: string | null
  figures: RowFigures | null
  faults: BatchFault[]
}

/** Prices rows here and now. */
export async function priceRows(asked: readonly ApiRow[], shared: SharedInputs) {
  const context = await loadContext(new Date(), 'all')
  const rows = new BatchRows({ columns: {}, decimal: '.' }, shared, context)
  const answers: AnsweredRow[] = []
  let totals: BatchTotals = NO_TOTALS
  for (const [index, row] of asked.entries()) {
    const answer = await priceOne(row, rows)
    if (answer.figures) totals = addRow(totals, answer.figures.booked, answer.figures.count)
    answers.push({ line: index + 1, ...answer })
  }
  return { answers, totals, sources: sharedSources(shared, context), context }
}

async function priceOne({ name, model, ...figures }: ApiRow, rows: BatchRows) {
  const row: AskedRow = {
    name: typeof name === 'string' ? name : null,
    query: { ...figures },
    faults: [],
  }
  if (typeof model === 'string' && !figures.modelId) rows.readModel(model, row)
  const outcome = row.faults.length > 0 ? row : await rows.ask(row.query)
  return 'figures' in outcome
    ? { name: row.name, figures: outcome.figures, faults: [] }
    : { name: row.name, figures: null, faults: outcome.faults }
}

/** Keeps the rows as a batch and sends it to the background. */
export async function enqueueRows(name: string, asked: readonly ApiRow[], shared: SharedInputs) {
  const text = pastedText(`${asked.map(lineOf).join('\n')}\n`)
  const reading: BatchReading = {
    kind: 'api',
    delimiter: ',',
    decimal: '.',
    hasHead: false,
    heads: [...BATCH_FIELDS],
    columns: Object.fromEntries(
      BATCH_FIELDS.map((field, column) => [field, { column, unit: BATCH_UNITS[field]?.[0]?.code }])
    ) as BatchColumns,
  }
  const batch = await Batch.keep({ name, text, reading })
  batch.shared = shared
  await startBatch(batch)
  return batch
}

/** A line of text for a row; a model may be named by its id too. */
const lineOf = (row: ApiRow) =>
  BATCH_FIELDS.map((field) => {
    const value = field === 'model' ? (row.modelId ?? row.model) : row[field]
    return quoted(value === null || value === undefined ? '' : String(value))
  }).join(',')

const quoted = (text: string) =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""').replaceAll(/[\r\n]+/g, ' ')}"` : text

interface AfterLine {
  /** The last line of the page before. */
  cursor?: string
  limit?: number
}

const PAGE_ROWS = 200

/** A page of what belongs to a batch, by line; the cursor is the last line that was given. */
export async function pageByLine(
  table: 'calculator_batch_rows' | 'calculator_batch_faults',
  batchId: string,
  { cursor = '0', limit = PAGE_ROWS }: AfterLine
) {
  const rows = await current
    .get()
    .client.from(table)
    .where({ tenant_id: current.tenantId(), batch_id: batchId })
    .where('line', '>', Number(cursor))
    .orderBy('line')
    .limit(limit + 1)
  const data = rows.slice(0, limit)
  const nextCursor: string | null = rows.length > limit ? String(data.at(-1)!.line) : null
  return { data, nextCursor }
}
