import type { CsvValue } from '#core/csv'
import { cellText, sheetName } from '#core/xlsx'
import { type ZipMember, zipOf } from '#core/zip'

/** A sheet whose rows are asked for as they are written. */
export interface StreamedSheet {
  name: string
  head: readonly string[]
  rows: Iterable<readonly CsvValue[]> | AsyncIterable<readonly CsvValue[]>
  /** Of the columns, in characters. */
  widths?: readonly number[]
}

const USUAL_WIDTH = 16
const BATCH = 500
const BOLD = 1
const MOMENT = 2

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string) => cellText(text).replaceAll(/[&<>"]/g, (char) => ESCAPES[char]!)

/**
 * A workbook piece by piece, for any number of rows: memory does not grow with them. Cells are
 * typed as in `xlsxOf`: text is text, never a formula.
 */
export async function* xlsxStream(sheets: readonly StreamedSheet[]): AsyncGenerator<Buffer> {
  const members: ZipMember[] = [
    ...Object.entries(partsFor(sheets)).map(([name, text]) => ({ name, text: [HEAD + text] })),
    ...sheets.map((sheet, index) => ({
      name: `xl/worksheets/sheet${index + 1}.xml`,
      text: sheetText(sheet),
    })),
  ]
  yield* zipOf(members)
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SHEET_ML = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

function partsFor(sheets: readonly StreamedSheet[]): Record<string, string> {
  const all = (write: (number: number, sheet: StreamedSheet) => string) =>
    sheets.map((sheet, index) => write(index + 1, sheet)).join('')
  const override = (part: string, kind: string) =>
    `<Override PartName="/xl/${part}.xml" ContentType="${SHEET_ML}.${kind}+xml"/>`
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`
  return {
    '[Content_Types].xml':
      `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      `<Default Extension="xml" ContentType="application/xml"/>${override('workbook', 'sheet.main')}${override('styles', 'styles')}` +
      `${all((number) => override(`worksheets/sheet${number}`, 'worksheet'))}</Types>`,
    '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${all(
      (number, { name }) =>
        `<sheet name="${escape(sheetName(name))}" sheetId="${number}" r:id="rId${number}"/>`
    )}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships">${all((number) =>
      relation(`rId${number}`, 'worksheet', `worksheets/sheet${number}.xml`)
    )}${relation('rIdStyles', 'styles', 'styles.xml')}</Relationships>`,
    'xl/styles.xml': STYLES,
  }
}

/** Plain, bold (the head) and a moment. */
const STYLES =
  `<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/></numFmts>` +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
  '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'

async function* sheetText({ head, rows, widths = [] }: StreamedSheet) {
  const columns = head.map(
    (_, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${widths[index] ?? USUAL_WIDTH}" customWidth="1"/>`
  )
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns.join('')}</cols><sheetData>`
  const letters = head.map((_, index) => columnLetters(index))
  const line = (number: number, cells: readonly CsvValue[], style = 0) =>
    `<row r="${number}">${cells.map((value, index) => cell(value, `${letters[index]}${number}`, style)).join('')}</row>`
  let batch = [line(1, head, BOLD)]
  let number = 1
  for await (const row of rows) {
    number += 1
    batch.push(line(number, row))
    if (batch.length < BATCH) continue
    yield batch.join('')
    batch = []
  }
  yield `${batch.join('')}</sheetData></worksheet>`
}

/** A, B … Z, AA, AB … */
const columnLetters = (index: number): string =>
  (index >= 26 ? columnLetters(Math.floor(index / 26) - 1) : '') +
  String.fromCodePoint(65 + (index % 26))

/** Days since 1899-12-30, as spreadsheets count. */
const dayNumber = (date: Date) => date.getTime() / 86_400_000 + 25_569

/** One cell; an empty one takes no room. */
function cell(value: CsvValue, place: string, style: number): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'string') return textCell(value, place, style)
  if (typeof value === 'boolean') return `<c r="${place}" t="b"><v>${value ? 1 : 0}</v></c>`
  if (value instanceof Date) return `<c r="${place}" s="${MOMENT}"><v>${dayNumber(value)}</v></c>`
  return numberCell(value, place)
}

const textCell = (text: string, place: string, style = 0) =>
  `<c r="${place}" t="inlineStr"${style ? ` s="${style}"` : ''}><is><t xml:space="preserve">${escape(text)}</t></is></c>`

function numberCell(value: number | bigint, place: string): string {
  const number = Number(value)
  if (typeof value === 'bigint' && !Number.isSafeInteger(number)) {
    return textCell(String(value), place)
  }
  return Number.isFinite(number) ? `<c r="${place}"><v>${number}</v></c>` : ''
}
