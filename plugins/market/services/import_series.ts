import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { asInstallation, trackInstallation } from '#core/installation'
import { parseCandle, parsePoint, type RawRow, type Refusal } from '../domain/parse_row.js'
import { type SeriesKind, type StoredSeries, storedAs } from '../domain/series_kind.js'

export interface RefusedRow {
  line: number
  reason: Refusal
}

export interface ImportReport {
  kind: SeriesKind
  source: string
  rows: number
  stored: number
  refused: number
  /** The first of the refused rows, so that somebody can look at them. */
  refusedRows: RefusedRow[]
  from: string | null
  to: string | null
}

interface Wish {
  file: string
  kind: SeriesKind
  source: string
  now: Date
}

const BATCH = 2000
const SHOWN_REFUSALS = 50

interface StoredRow {
  at: Date
  values: Record<string, unknown>[]
}

/**
 * Stores the rows of a CSV file, all or nothing. The same row twice is stored once, a row that is
 * already there takes the new value; rows that cannot be read are counted with their reason.
 */
export async function importSeries(wish: Wish): Promise<ImportReport> {
  const { file, kind, source } = wish
  const report: ImportReport = {
    kind,
    source,
    rows: 0,
    stored: 0,
    refused: 0,
    refusedRows: [],
    from: null,
    to: null,
  }
  await asInstallation(async (trx) => {
    let batch: StoredRow[] = []
    const reader = createReadStream(file).pipe(
      parse({
        bom: true,
        columns: (head: string[]) => head.map((name) => name.trim().toLowerCase()),
        info: true,
        skip_empty_lines: true,
        relax_column_count: true,
      })
    )
    for await (const { record, info } of reader as AsyncIterable<{
      record: RawRow
      info: { lines: number }
    }>) {
      report.rows++
      const row = toRow(record, wish)
      if ('reason' in row) refuse(report, info.lines, row.reason)
      else batch.push(row)
      if (batch.length >= BATCH) batch = await flush(trx, wish, batch, report)
    }
    await flush(trx, wish, batch, report)
    await trackImport(trx, report)
  })
  return report
}

function trackImport(trx: TransactionClientContract, report: ImportReport) {
  const { kind, source, stored, refused, from, to } = report
  return trackInstallation(trx, {
    subjectType: 'market_series',
    subjectId: storedAs[kind],
    name: 'market.series.imported',
    facts: { kind, source, stored, refused, from, to },
    via: 'console',
  })
}

function toRow(record: RawRow, { kind, source, now }: Wish): StoredRow | { reason: Refusal } {
  if (kind !== 'ohlcv') {
    const parsed = parsePoint(record, kind, now)
    if (!parsed.ok) return parsed
    const { at, value } = parsed.row
    return { at, values: [point(storedAs[kind], at, source, value)] }
  }
  const parsed = parseCandle(record, now)
  if (!parsed.ok) return parsed
  const { at, openUsd, highUsd, lowUsd, closeUsd, volume } = parsed.row
  const candle = {
    span: '1d',
    at,
    source,
    open_usd: openUsd,
    high_usd: highUsd,
    low_usd: lowUsd,
    close_usd: closeUsd,
    volume,
  }
  return { at, values: [point('price_usd', at, source, closeUsd), candle] }
}

const point = (series: StoredSeries, at: Date, source: string, value: number) => ({
  series,
  at,
  source,
  value,
})

function refuse(report: ImportReport, line: number, reason: Refusal) {
  report.refused++
  if (report.refusedRows.length < SHOWN_REFUSALS) report.refusedRows.push({ line, reason })
}

async function flush(
  trx: TransactionClientContract,
  { kind }: Wish,
  batch: StoredRow[],
  report: ImportReport
) {
  if (batch.length === 0) return []
  const unique = [...new Map(batch.map((row) => [row.at.getTime(), row])).values()]
  const points = unique.map((row) => row.values[0]!)
  await upsert(trx, 'market_points', points, ['series', 'at', 'source'])
  if (kind === 'ohlcv') {
    await upsert(
      trx,
      'market_candles',
      unique.map((row) => row.values[1]!),
      ['span', 'at', 'source']
    )
  }
  report.stored += unique.length
  for (const { at } of unique) widen(report, at.toISOString())
  return []
}

const upsert = (
  trx: TransactionClientContract,
  table: string,
  rows: Record<string, unknown>[],
  key: string[]
) =>
  trx
    .knexQuery()
    .table(table)
    .insert(rows.map((row) => ({ ...row, imported_at: new Date() })))
    .onConflict(key)
    .merge()

function widen(report: ImportReport, at: string) {
  if (!report.from || at < report.from) report.from = at
  if (!report.to || at > report.to) report.to = at
}
