import { decodeText, E_FILE_EMPTY } from '#core/file_rows'
import { E_UPLOAD_TOO_LARGE } from '#core/uploads'
import { looksLikeXlsx, xlsxRows } from '#core/xlsx_rows'

/** What a file becomes: one text of UTF-8, whatever it was before. */
export interface BatchText {
  kind: 'csv' | 'xlsx' | 'pasted'
  bytes: Buffer
  /** Lines, quoted line ends included: what the progress is measured against. */
  lines: number
}

/** A workbook may be larger as text than its file. */
const MOST_BYTES = 64 * 1024 * 1024
const MOST_COLUMNS = 100
const LINE_FEED = 10
/** Reads what was sent, by what it is and not by what it is called. Throws E_FILE_… or E_XLSX_…. */
export async function batchText(file: Buffer): Promise<BatchText> {
  if (looksLikeXlsx(file)) return textOf('xlsx', await workbookAsText(file))
  return textOf('csv', Buffer.from(decodeText(file)))
}

/** Text from the clipboard. */
export const pastedText = (text: string) => textOf('pasted', Buffer.from(text))

function textOf(kind: BatchText['kind'], bytes: Buffer): BatchText {
  if (bytes.toString('utf8', 0, 4096).trim() === '') throw new E_FILE_EMPTY()
  if (bytes.length > MOST_BYTES) throw new E_UPLOAD_TOO_LARGE()
  return { kind, bytes, lines: linesIn(bytes) }
}

function linesIn(bytes: Buffer): number {
  let lines = bytes.at(-1) === LINE_FEED ? 0 : 1
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1))
    lines += 1
  return lines
}

const NEEDS_QUOTES = /[",\r\n]/
const LINE_ENDS = /\r\n|\r|\n/g

/** The first sheet as comma-separated text in which line numbers are those of the sheet. */
async function workbookAsText(file: Buffer): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  let line = 1
  let text = ''
  for await (const { row, cells } of xlsxRows(file, { columns: MOST_COLUMNS })) {
    // A hostile row number must not become a gigabyte of empty lines.
    const gap = Math.min(Math.max(0, row - line), 1000)
    text += `${'\n'.repeat(gap)}${cells.map(quoted).join(',')}\n`
    line = Math.max(line, row) + 1
    if (text.length < 65_536) continue
    pieces.push(Buffer.from(text))
    size += text.length
    text = ''
    if (size > MOST_BYTES) throw new E_UPLOAD_TOO_LARGE()
  }
  return Buffer.concat([...pieces, Buffer.from(text)])
}

const quoted = (cell: string) => {
  const single = cell.replaceAll(LINE_ENDS, ' ')
  return NEEDS_QUOTES.test(single) ? `"${single.replaceAll('"', '""')}"` : single
}
