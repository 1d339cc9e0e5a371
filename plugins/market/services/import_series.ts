import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { asInstallation, trackInstallation } from '#core/installation'
import { parseCandle, parsePoint, type RawRow, type Refusal } from '../domain/parse_row.js'
import { type PointKind, type StoredSeries, storedAs } from '../domain/series_kind.js'
import { emptyReport, type ImportReport, refuse, widen, type Wish } from './import_report.js'
import { rowsOf } from './read_rows.js'

export type { ImportReport } from './import_report.js'

const BATCH = 2000

interface StoredRow {
  at: Date
  values: Record<string, unknown>[]
}

/**
 * Stores the rows of a CSV file, all or nothing. The same row twice is stored once, a row that is
 * already there takes the new value; rows that cannot be read are counted with their reason.
 */
export async function importSeries(wish: Wish<PointKind>): Promise<ImportReport> {
  const report = emptyReport(wish)
  await asInstallation(async (trx) => {
    let batch: StoredRow[] = []
    for await (const { record, info } of rowsOf(wish.file)) {
      report.rows++
      const row = toRow(record, wish)
      if ('reason' in row) refuse(report, { line: info.lines, reason: row.reason })
      else batch.push(row)
      if (batch.length >= BATCH) {
        batch = await flush(trx, wish, batch, report)
        wish.onProgress?.(report.rows)
      }
    }
    await flush(trx, wish, batch, report)
    await trackImport(trx, report)
  })
  return report
}

/** Writes down in the audit log that a file was imported. */
export function trackImport(trx: TransactionClientContract, report: ImportReport) {
  const { kind, source, stored, refused, from, to } = report
  return trackInstallation(trx, {
    subjectType: 'market_series',
    subjectId: kind === 'epochs' ? 'epochs' : storedAs[kind],
    name: 'market.series.imported',
    facts: { kind, source, stored, refused, from, to },
    via: 'console',
  })
}

function toRow(
  record: RawRow,
  { kind, source, now }: Wish<PointKind>
): StoredRow | { reason: Refusal } {
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
    const candles = unique.map((row) => row.values[1]!)
    await upsert(trx, 'market_candles', candles, ['span', 'at', 'source'])
  }
  report.stored += unique.length
  for (const { at } of unique) widen(report, at)
  return []
}

/** Inserts rows; one with the same key takes the new values. */
export const upsert = (
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
