/** What a cell of a CSV file may hold before it is written. */
export type CsvValue = string | number | bigint | boolean | Date | null | undefined

const FORMULA = /^[=+\-@\t\r＝＋－＠]/
const NEEDS_QUOTES = /[",;\t\r\n]/

/** Excel reads a file as UTF-8 only when it begins with this. */
export const BOM = '\uFEFF'

/**
 * One cell, safe to open in a spreadsheet: text that a program would take for a formula begins with
 * an apostrophe; numbers stay numbers. Quoted by RFC 4180, and also around semicolons and tabs,
 * which are separators for some programs.
 */
export function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return value.toISOString()
  const safe = FORMULA.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A whole file: byte order mark, head, rows, each ended by CR LF. */
export function csvOf(head: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  const line = (cells: readonly CsvValue[]) => `${cells.map(csvCell).join(',')}\r\n`
  return BOM + line(head) + rows.map(line).join('')
}
