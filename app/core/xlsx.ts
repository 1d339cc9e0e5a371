import writeExcelFile, { type Cell } from 'write-excel-file/node'
import type { CsvValue } from '#core/csv'

/** What a cell of a workbook may hold; the same as in a CSV file. */
export type XlsxValue = CsvValue

export interface XlsxSheet {
  /** What the tab says; at most 31 characters of it, without those that Excel forbids. */
  name: string
  head: readonly string[]
  rows: readonly (readonly XlsxValue[])[]
  /** Of the columns, in characters. */
  widths?: readonly number[]
}

const LONGEST_TEXT = 32_767
const LONGEST_NAME = 31
const DATE_FORMAT = 'yyyy-mm-dd hh:mm:ss'
const USUAL_WIDTH = 16

/** What XML 1.0 cannot carry, lone halves of surrogate pairs included. */
const NOT_XML =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

/** Text as a cell can hold it: without what XML cannot carry, and no longer than Excel reads. */
export const cellText = (text: string) => text.replace(NOT_XML, '').slice(0, LONGEST_TEXT)

/** A name that Excel accepts for a tab. */
export const sheetName = (name: string) =>
  cellText(name)
    .replaceAll(/[\\/?*[\]:]/g, ' ')
    .slice(0, LONGEST_NAME)
    .trim() || 'Sheet'

/**
 * One cell by its type. Text is always written as text, so that no program takes it for a formula,
 * whatever it begins with; whole numbers that a double cannot carry are text too.
 */
export function xlsxCell(value: XlsxValue): Cell {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'number') return Number.isFinite(value) ? { value, type: Number } : null
  if (typeof value === 'boolean') return { value, type: Boolean }
  if (value instanceof Date) return { value, type: Date, format: DATE_FORMAT }
  if (typeof value === 'string') return { value: cellText(value), type: String }
  const number = Number(value)
  return Number.isSafeInteger(number)
    ? { value: number, type: Number }
    : { value: value.toString(), type: String }
}

/** A workbook in memory, each sheet with a bold head that stays in view. For some thousand rows. */
export async function xlsxOf(sheets: readonly XlsxSheet[]): Promise<Buffer> {
  const tabs = sheets.map(({ name, head, rows, widths = [] }) => ({
    sheet: sheetName(name),
    columns: head.map((_, index) => ({ width: widths[index] ?? USUAL_WIDTH })),
    stickyRowsCount: 1,
    data: [
      head.map((text): Cell => ({ value: cellText(text), type: String, fontWeight: 'bold' })),
      ...rows.map((row) => row.map(xlsxCell)),
    ],
  }))
  return writeExcelFile(tabs).toBuffer()
}
