import { Readable } from 'node:stream'
import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse'
import { type BatchColumns, columnsFor } from '../domain/batch_heads.js'
import { type Delimiter, delimiterOf } from '../domain/batch_dialect.js'
import { type DecimalMark, decimalMarkOf, parseCellNumber } from '../domain/batch_number.js'
import { E_BATCH_EMPTY, E_BATCH_TEXT } from './batch_errors.js'

/** How a text is read: its separators, its head, and which column says what. */
export interface BatchReading {
  kind: 'csv' | 'xlsx' | 'pasted' | 'api'
  delimiter: Delimiter
  decimal: DecimalMark
  hasHead: boolean
  /** As they stand in the file; `1`, `2`, … where it has no head. */
  heads: string[]
  columns: BatchColumns
}

export interface TextRow {
  /** The line on which the row ends, from 1. */
  line: number
  cells: string[]
}

const SAMPLE_BYTES = 64 * 1024
const SAMPLE_ROWS = 21
const MOST_RECORD = 64 * 1024

const optionsFor = (delimiter: string): Options => ({
  delimiter,
  bom: true,
  info: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
  max_record_size: MOST_RECORD,
  record_delimiter: ['\r\n', '\n', '\r'],
})

/** The rows of a text as it comes. Throws E_BATCH_TEXT with the line where it stops being a table. */
export async function* textRows(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  delimiter: string
): AsyncGenerator<TextRow> {
  const parser = parse(optionsFor(delimiter))
  const source = Readable.from(pieces, { objectMode: false })
  source.on('error', (error) => parser.destroy(error))
  try {
    for await (const { info, record } of source.pipe(parser) as AsyncIterable<{
      info: InfoRecord
      record: string[]
    }>) {
      yield { line: info.lines, cells: record }
    }
  } catch (error) {
    throw error instanceof CsvError ? new E_BATCH_TEXT([Number(error.lines ?? 1)]) : error
  } finally {
    source.destroy()
  }
}

/** The first rows of a text, for a guess and for the preview. */
export async function sampleRows(bytes: Buffer, delimiter: string): Promise<TextRow[]> {
  const isWhole = bytes.length <= SAMPLE_BYTES
  const end = isWhole ? bytes.length : bytes.lastIndexOf(10, SAMPLE_BYTES) + 1
  const rows: TextRow[] = []
  for await (const row of textRows([bytes.subarray(0, end || SAMPLE_BYTES)], delimiter)) {
    rows.push(row)
    if (rows.length === SAMPLE_ROWS) break
  }
  return rows
}

/** How a text would be read, by itself. Throws E_BATCH_EMPTY or E_BATCH_TEXT. */
export async function guessReading(
  kind: BatchReading['kind'],
  bytes: Buffer
): Promise<BatchReading> {
  const delimiter = kind === 'xlsx' ? ',' : delimiterOf(bytes.toString('utf8', 0, SAMPLE_BYTES))
  const rows = await sampleRows(bytes, delimiter)
  const [first, ...others] = rows
  if (!first) throw new E_BATCH_EMPTY()
  const decimal = kind === 'xlsx' ? '.' : decimalMarkOf(others.flatMap(({ cells }) => cells))
  return readingOf({ kind, delimiter, decimal, hasHead: isHead(first.cells, decimal) }, first.cells)
}

/** The same text read with other separators, or without a head. */
export function readingOf(
  how: Pick<BatchReading, 'kind' | 'delimiter' | 'decimal' | 'hasHead'>,
  first: readonly string[]
): BatchReading {
  const heads = first.map((cell, index) =>
    how.hasHead ? cell.trim().slice(0, 80) : String(index + 1)
  )
  return { ...how, heads, columns: how.hasHead ? columnsFor(heads) : {} }
}

/** A first row without any figure is a head. */
const isHead = (cells: readonly string[], decimal: DecimalMark) =>
  cells.every((cell) => parseCellNumber(cell, decimal) === null)
