import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import type { I18n } from '@adonisjs/i18n'
import { current, type Who } from '#core/current'
import type { Row } from '#core/table'
import { xlsxStream } from '#core/xlsx_stream'
import type Batch from '../models/batch.js'
import {
  csvPieces,
  faultHead,
  faultLine,
  type Line,
  RESULT_WIDTHS,
  resultHead,
  resultLine,
} from './batch_lines.js'
import { storedResult } from './batch_result.js'
import { sourceLines } from './batch_sources.js'
import { faultRows, resultRows } from './batch_tables.js'
import { presentTotals } from './batch_texts.js'

const PAGE_ROWS = 5_000

/** Rows of a batch in order, page by page, each page in a short transaction of the same person. */
async function* pagesOf(who: Who, rows: () => ReturnType<typeof resultRows>): AsyncGenerator<Row> {
  let after = -1
  for (;;) {
    const from = after
    const page: Row[] = await current.run(who, async () =>
      rows().where('line', '>', from).orderBy('line').limit(PAGE_ROWS)
    )
    yield* page
    if (page.length < PAGE_ROWS) return
    after = page.at(-1)!.line
  }
}

/** The person as they are now: the file is written after the request's own transaction. */
function whoAsks(): Who {
  const { tenantId, userId, role, permissions, siteIds, customerId, via, requestId } = current.get()
  return { tenantId, userId, role, permissions, siteIds, customerId, via, requestId }
}

/** Loud when rows went away while the file was written: a short file would look whole. */
async function* resultLines(batch: Batch, who: Who): AsyncGenerator<Line> {
  let count = 0
  for await (const row of pagesOf(who, () => resultRows(batch.id))) {
    count += 1
    yield resultLine(storedResult(row))
  }
  assert.equal(count, batch.rowsPriced, 'the batch changed while its file was written')
}

async function* faultLines(batch: Batch, who: Who, i18n: I18n): AsyncGenerator<Line> {
  for await (const row of pagesOf(who, () => faultRows(batch.id))) {
    yield faultLine({ line: row.line, faults: row.faults, cells: row.cells }, i18n)
  }
}

const stream = (pieces: AsyncIterable<string | Buffer>) =>
  Readable.from(pieces, { objectMode: false })

/** All priced rows as CSV, written as it is read. */
export const resultsCsv = (batch: Batch, i18n: I18n) =>
  stream(csvPieces(resultHead(i18n), resultLines(batch, whoAsks())))

/** All refused rows as CSV with their own cells, to be mended and sent again. */
export const faultsCsv = (batch: Batch, i18n: I18n) =>
  stream(csvPieces(faultHead(batch.reading.heads, i18n), faultLines(batch, whoAsks(), i18n)))

/** All priced rows as a workbook, with the sums and what they rest on in a second sheet. */
export function resultsXlsx(batch: Batch, i18n: I18n) {
  const totals = Object.entries(presentTotals(batch.sums, i18n)).map(([key, text]) => [
    i18n.t(`calculator_batch.total.${key}`),
    text,
  ])
  const results = {
    name: i18n.t('calculator_batch.results'),
    head: resultHead(i18n),
    rows: resultLines(batch, whoAsks()),
    widths: RESULT_WIDTHS,
  }
  const summary = {
    name: i18n.t('calculator_batch.summary'),
    head: [batch.name, ''],
    rows: [...totals, ...sourceLines(batch, i18n)],
    widths: [36, 60],
  }
  return stream(xlsxStream([results, summary]))
}
