import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import type { I18n } from '@adonisjs/i18n'
import { BOM, csvCell, type CsvValue } from '#core/csv'
import { current, type Who } from '#core/current'
import type { Row } from '#core/table'
import { xlsxStream } from '#core/xlsx_stream'
import type Batch from '../models/batch.js'
import { sourceLines } from './batch_sources.js'
import { faultRows, resultRows } from './batch_tables.js'
import { faultSentences, presentTotals } from './batch_texts.js'

type Line = readonly CsvValue[]

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

const dollars = (cents: string) => Number(cents) / 100

/** Key → what the files show; the same columns in CSV and XLSX. */
const COLUMNS: readonly [key: string, unit: string, value: (row: Row) => CsvValue][] = [
  ['line', '', (row) => row.line],
  ['name', '', (row) => row.name],
  ['model', '', (row) => row.model],
  ['count', '', (row) => row.count],
  ['hashrate_ths', 'TH/s', (row) => row.hashrate_ths],
  ['power_w', 'W', (row) => row.power_w],
  ['usd_per_kwh', '$/kWh', (row) => row.usd_per_kwh],
  ['pool_fee_pct', '%', (row) => row.pool_fee_pct],
  ['sats', 'sat', (row) => BigInt(row.sats)],
  ['revenue_cents', '$', (row) => dollars(row.revenue_cents)],
  ['electricity_cents', '$', (row) => dollars(row.electricity_cents)],
  ['fixed_cents', '$', (row) => dollars(row.fixed_cents)],
  ['profit_cents', '$', (row) => dollars(row.profit_cents)],
  ['break_even_usd_per_btc', '$', (row) => row.break_even_usd_per_btc],
  ['break_even_usd_per_kwh', '$/kWh', (row) => row.break_even_usd_per_kwh],
]

export const resultHead = (i18n: I18n) =>
  COLUMNS.map(([key, unit]) => {
    const label = i18n.t(`calculator_batch.column.${key}`)
    return unit ? `${label} (${unit})` : label
  })

/** Loud when rows went away while the file was written: a short file would look whole. */
async function* resultLines(batch: Batch, who: Who): AsyncGenerator<Line> {
  let count = 0
  for await (const row of pagesOf(who, () => resultRows(batch.id))) {
    count += 1
    yield COLUMNS.map(([, , value]) => value(row))
  }
  assert.equal(count, batch.rowsPriced, 'the batch changed while its file was written')
}

/** Refused rows: line, reasons, and the cells as they were sent. */
async function* faultLines(batch: Batch, who: Who, i18n: I18n): AsyncGenerator<Line> {
  for await (const row of pagesOf(who, () => faultRows(batch.id))) {
    yield [row.line, faultSentences(row.faults, i18n).join(' '), ...row.cells]
  }
}

const CSV_BATCH = 500

async function* csvPieces(head: Line, lines: AsyncIterable<Line>) {
  let text = BOM + csvText(head)
  let count = 0
  for await (const line of lines) {
    text += csvText(line)
    count += 1
    if (count % CSV_BATCH !== 0) continue
    yield text
    text = ''
  }
  yield text
}

const csvText = (line: Line) => `${line.map(csvCell).join(',')}\r\n`

/** All priced rows as CSV, written as it is read. */
export const resultsCsv = (batch: Batch, i18n: I18n) =>
  Readable.from(csvPieces(resultHead(i18n), resultLines(batch, whoAsks())), { objectMode: false })

/** All refused rows as CSV with their own cells, to be mended and sent again. */
export function faultsCsv(batch: Batch, i18n: I18n) {
  const head = [
    i18n.t('calculator_batch.column.line'),
    i18n.t('calculator_batch.column.reason'),
    ...batch.reading.heads,
  ]
  return Readable.from(csvPieces(head, faultLines(batch, whoAsks(), i18n)), { objectMode: false })
}

/** All priced rows as a workbook, with the sums and what they rest on in a second sheet. */
export function resultsXlsx(batch: Batch, i18n: I18n) {
  const totals = Object.entries(presentTotals(batch.sums, i18n)).map(([key, text]) => [
    i18n.t(`calculator_batch.total.${key}`),
    text,
  ])
  const sheets = [
    {
      name: i18n.t('calculator_batch.results'),
      head: resultHead(i18n),
      rows: resultLines(batch, whoAsks()),
      widths: COLUMNS.map(([key]) => (key === 'name' || key === 'model' ? 28 : 16)),
    },
    {
      name: i18n.t('calculator_batch.summary'),
      head: [batch.name, ''],
      rows: [...totals, ...sourceLines(batch, i18n)],
      widths: [36, 60],
    },
  ]
  return Readable.from(xlsxStream(sheets), { objectMode: false })
}
