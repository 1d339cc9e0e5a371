import writeXlsxFile, { type SheetData } from 'write-excel-file/node'

/** What a cell of a workbook may hold before it is written. */
export type XlsxValue = string | number | bigint | boolean | Date | null

/** One sheet: its first row names the columns. */
export interface XlsxSheet {
  name: string
  head: string[]
  rows: XlsxValue[][]
  /** Widths in characters. */
  widths?: number[]
}

/** Excel refuses these in the name of a sheet, and longer ones. */
const nameOf = (name: string) => name.replaceAll(/[\\/?*[\]:]/g, ' ').slice(0, 31)

const isSafe = (value: bigint) =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER)

/** Typed: text stays text whatever it begins with, a number a number; what is missing is empty. */
function cellOf(value: XlsxValue) {
  if (value === null || value === '') return null
  if (typeof value === 'bigint') {
    return isSafe(value) ? { type: Number, value: Number(value) } : text(value.toString())
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? { type: Number, value } : null
  }
  if (typeof value === 'boolean') return { type: Boolean, value }
  if (value instanceof Date) return { type: Date, value, format: 'yyyy-mm-dd hh:mm:ss' }
  return text(value)
}

const text = (value: string) => ({ type: String, value })

/** A workbook of typed cells. Text is never a formula. */
export async function xlsxOf(sheets: XlsxSheet[]): Promise<Buffer> {
  return writeXlsxFile(
    sheets.map(({ name, head, rows, widths }) => ({
      sheet: nameOf(name),
      columns: widths?.map((width) => ({ width })),
      stickyRowsCount: 1,
      data: [
        head.map((value) => ({ ...text(value), fontWeight: 'bold' as const })),
        ...rows.map((row) => row.map(cellOf)),
      ] as SheetData,
    }))
  ).toBuffer()
}
