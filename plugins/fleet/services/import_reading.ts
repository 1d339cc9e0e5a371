import { type DecimalMark, decimalMarkOf, parseCellNumber } from '#core/cell_number'
import { type Delimiter, delimiterOf } from '#core/delimiter'
import { decodeText, E_FILE_EMPTY, type FileRow, textRows } from '#core/file_rows'
import { looksLikeXlsx, xlsxRows } from '#core/xlsx_rows'
import { columnsFor, type ImportColumns } from '../domain/import_fields.js'

/** How a list is read: separators, head, which column says what, and the site of rows without one. */
export interface ListReading {
  kind: 'csv' | 'xlsx'
  delimiter: Delimiter
  decimal: DecimalMark
  hasHead: boolean
  /** As they stand in the file; `1`, `2`, … where it has no head. */
  heads: string[]
  columns: ImportColumns
  siteId: string | null
}

export type Separators = Pick<ListReading, 'delimiter' | 'decimal' | 'hasHead'>

const MOST_COLUMNS = 100
const MOST_LINE = 10_000_000
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001F\u007F]/g
const SAMPLE_ROWS = 21
const SAMPLE_CHARACTERS = 64 * 1024

/** Text that core's writer of CSV marked, lest a program take it for a formula. */
const MARKED = /^'(?='*[=+\-@\t\r＝＋－＠])/

/**
 * The rows of a file, cell by cell as text. Throws E_FILE_…, E_XLSX_…, E_ZIP_… or E_XML_….
 * A formula in a workbook gives the value that it was saved with; it is never computed.
 */
export async function* fileRows(
  file: Buffer,
  how: Pick<ListReading, 'kind' | 'delimiter'>
): AsyncGenerator<FileRow> {
  let last = 0
  for await (const { line, cells } of how.kind === 'xlsx' ? bookRows(file) : tableRows(file, how)) {
    // A file may claim any numbers for its rows: each is used once, and none is beyond reason.
    last = Number.isInteger(line) && line > last && line <= MOST_LINE ? line : last + 1
    yield { line: last, cells }
  }
}

async function* bookRows(file: Buffer): AsyncGenerator<FileRow> {
  for await (const { row, cells } of xlsxRows(file, { columns: MOST_COLUMNS })) {
    yield { line: row, cells }
  }
}

async function* tableRows(file: Buffer, { delimiter }: Pick<ListReading, 'delimiter'>) {
  const text = Buffer.from(decodeText(file))
  for await (const { line, cells } of textRows([text], delimiter)) {
    yield { line, cells: cells.map((cell) => cell.replace(MARKED, '')) }
  }
}

/** Text to be shown and kept: on one line, and without what a database cannot hold. */
export const shownText = (text: string, most: number) =>
  text.slice(0, most).toWellFormed().replaceAll(CONTROL, ' ')

/** The first rows, for a guess and to be shown. */
export async function sampleOf(
  file: Buffer,
  how: Pick<ListReading, 'kind' | 'delimiter'>
): Promise<FileRow[]> {
  const rows: FileRow[] = []
  for await (const row of fileRows(file, how)) {
    rows.push(row)
    if (rows.length === SAMPLE_ROWS) break
  }
  return rows
}

/** How a file would be read, by itself. Throws E_FILE_EMPTY and what the readers throw. */
export async function guessReading(file: Buffer): Promise<ListReading> {
  const kind = looksLikeXlsx(file) ? 'xlsx' : 'csv'
  const delimiter =
    kind === 'xlsx' ? ',' : delimiterOf(decodeText(file).slice(0, SAMPLE_CHARACTERS))
  const rows = await sampleOf(file, { kind, delimiter })
  const [first, ...others] = rows
  if (!first) throw new E_FILE_EMPTY()
  const decimal = kind === 'xlsx' ? '.' : decimalMarkOf(others.flatMap(({ cells }) => cells))
  return withHeads({ kind, delimiter, decimal, hasHead: isHead(first.cells), siteId: null }, first)
}

/** The same file read with other separators, or without a head. */
export async function readWith(file: Buffer, before: ListReading, how: Separators) {
  const delimiter = before.kind === 'xlsx' ? before.delimiter : how.delimiter
  const [first] = await sampleOf(file, { kind: before.kind, delimiter })
  if (!first) throw new E_FILE_EMPTY()
  return withHeads({ ...before, ...how, delimiter }, first)
}

function withHeads(how: Omit<ListReading, 'heads' | 'columns'>, { cells }: FileRow): ListReading {
  const heads = cells.map((cell, index) =>
    how.hasHead ? shownText(cell.trim(), 80) : String(index + 1)
  )
  return { ...how, heads, columns: how.hasHead ? columnsFor(heads) : {} }
}

/** A first row that names a field is a head; so is one without any figure. */
const isHead = (cells: readonly string[]) =>
  Object.keys(columnsFor(cells)).length > 1 ||
  cells.every((cell) => parseCellNumber(cell, '.') === null)
