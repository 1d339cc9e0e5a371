import type { I18n } from '@adonisjs/i18n'
import type { Row } from '#core/table'
import type Batch from '../models/batch.js'
import { type ApiRow, priceRows } from '../services/batch_api.js'
import { thaw } from '../services/batch_context.js'
import { resultOf } from '../services/batch_result.js'
import type { BatchFault, SharedInputs } from '../services/batch_rows.js'
import { sharedSources } from '../services/batch_sources.js'
import { faultSentence } from '../services/batch_texts.js'
import { NO_TOTALS } from '../domain/batch_totals.js'

/** A stored batch as the API tells it. */
export const summaryOf = (batch: Batch) => ({
  id: batch.id,
  name: batch.name,
  state: batch.state,
  failure: batch.failure,
  rowsDone: batch.linesDone,
  rowsEstimate: batch.lineEstimate,
  rowsPriced: batch.rowsPriced,
  rowsRefused: batch.rowsRefused,
  totals: { ...NO_TOTALS, ...batch.sums },
  pricedAt: batch.context?.now ?? null,
  sources: batch.context ? sharedSources(batch.shared, thaw(batch.context)) : {},
})

/** Rows that were answered at once, in the shape of a stored batch that is done. */
export async function answerNow(asked: readonly ApiRow[], shared: SharedInputs, i18n: I18n) {
  const { answers, totals, sources, context } = await priceRows(asked, shared)
  const priced = answers.filter(({ figures }) => figures)
  const refused = answers.filter(({ figures }) => !figures)
  return {
    id: null,
    name: '',
    state: 'done',
    failure: null,
    rowsDone: asked.length,
    rowsEstimate: asked.length,
    rowsPriced: priced.length,
    rowsRefused: refused.length,
    totals,
    pricedAt: context.now.toISOString(),
    sources,
    rows: priced.map(({ line, name, figures }) => resultOf({ line, name, figures: figures! })),
    refused: refused.map(({ line, faults }) => ({
      line,
      faults: withSentences(faults, i18n),
      cells: Object.values(asked[line - 1] ?? {}).map(String),
    })),
  }
}

const withSentences = (faults: readonly BatchFault[], i18n: I18n) =>
  faults.map((fault) => ({
    field: fault.field,
    key: fault.key,
    message: faultSentence(fault, i18n),
  }))

/** A refused row of the database as the API tells it. */
export const storedFault = (row: Row, i18n: I18n) => ({
  line: row.line,
  faults: withSentences(row.faults, i18n),
  cells: row.cells,
})
