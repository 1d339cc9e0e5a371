import { type DecimalMark, decimalMarkOf, parseCellNumber } from '#core/cell_number'
import { type Delimiter, delimiterOf } from '#core/delimiter'
import { E_FILE_EMPTY, type FileRow, textRows } from '#core/file_rows'
import { type BatchColumns, columnsFor } from '../domain/batch_heads.js'

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

const SAMPLE_BYTES = 64 * 1024
const SAMPLE_ROWS = 21
/** The first rows of a text, for a guess and for the preview. */
export async function sampleRows(bytes: Buffer, delimiter: string): Promise<FileRow[]> {
  const isWhole = bytes.length <= SAMPLE_BYTES
  const end = isWhole ? bytes.length : bytes.lastIndexOf(10, SAMPLE_BYTES) + 1
  const rows: FileRow[] = []
  for await (const row of textRows([bytes.subarray(0, end || SAMPLE_BYTES)], delimiter)) {
    rows.push(row)
    if (rows.length === SAMPLE_ROWS) break
  }
  return rows
}

/** How a text would be read, by itself. Throws E_FILE_EMPTY or E_FILE_TEXT. */
export async function guessReading(
  kind: BatchReading['kind'],
  bytes: Buffer
): Promise<BatchReading> {
  const delimiter = kind === 'xlsx' ? ',' : delimiterOf(bytes.toString('utf8', 0, SAMPLE_BYTES))
  const rows = await sampleRows(bytes, delimiter)
  const [first, ...others] = rows
  if (!first) throw new E_FILE_EMPTY()
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
