import { E_XML_UNREADABLE, xmlAttribute, XmlScanner } from '#core/xml_scanner'
import { defineError } from '#core/errors'
import { E_ZIP_UNREADABLE, ZipArchive } from '#core/zip'

/** Not a workbook, a damaged one, or one with a password. */
export const E_XLSX_UNREADABLE = defineError(
  'The workbook could not be read',
  'E_XLSX_UNREADABLE',
  422
)

/** A sheet with more columns than its reader takes. */
export const E_XLSX_TOO_WIDE = defineError<[columns: number]>(
  'The sheet has more than %d columns',
  'E_XLSX_TOO_WIDE',
  422
)

export interface XlsxLimits {
  /** Of everything that is inflated, together. */
  inflatedBytes?: number
  columns?: number
}

const DEFAULTS = { inflatedBytes: 400 * 1024 * 1024, columns: 256 }
/** Texts that cells share are the one thing that has to be held. */
const SHARED_CHARACTERS = 32 * 1024 * 1024
const WORKBOOK = 'xl/workbook.xml'
const RELATIONS = 'xl/_rels/workbook.xml.rels'
const ZIP_START = Buffer.from('PK\u0003\u0004')

/** Whether the bytes begin as a workbook does. */
export const looksLikeXlsx = (bytes: Buffer) => bytes.subarray(0, 4).equals(ZIP_START)

/**
 * The rows of the first sheet, cell by cell as text, with the number of the row as Excel shows it.
 * A formula gives the value that it was saved with; numbers are written with a point. Memory is
 * bounded by the limits, whatever the file claims. Throws E_XLSX_…, E_ZIP_… or E_XML_….
 *
 * Own code, because read-excel-file inflates without a limit and keeps the whole workbook in memory.
 */
export async function* xlsxRows(
  bytes: Buffer,
  limits: XlsxLimits = {}
): AsyncGenerator<{ row: number; cells: string[] }> {
  const { inflatedBytes, columns } = { ...DEFAULTS, ...limits }
  if (!looksLikeXlsx(bytes)) throw new E_XLSX_UNREADABLE()
  const archive = new ZipArchive(bytes, inflatedBytes)
  const parts = await partsOf(archive)
  const shared = parts.strings ? await sharedStrings(archive, parts.strings) : []
  const rows: { row: number; cells: string[] }[] = []
  const scanner = new XmlScanner(new SheetReader(shared, columns, (row) => rows.push(row)))
  for await (const piece of textOf(archive, parts.sheet)) {
    scanner.push(piece)
    yield* rows.splice(0)
  }
  scanner.end()
}

async function* textOf(archive: ZipArchive, name: string) {
  const decoder = new TextDecoder()
  for await (const piece of archive.read(name)) yield decoder.decode(piece, { stream: true })
}

async function scan(archive: ZipArchive, name: string, events: XmlScanner['events']) {
  const scanner = new XmlScanner(events)
  for await (const piece of textOf(archive, name)) scanner.push(piece)
  scanner.end()
}

/** Where the first sheet and the shared texts lie. */
async function partsOf(archive: ZipArchive) {
  if (!archive.has(WORKBOOK)) throw new E_XLSX_UNREADABLE()
  let first: string | null = null
  await scan(archive, WORKBOOK, {
    open(name, attributes) {
      if (name === 'sheet') first ??= xmlAttribute(attributes, '\\w+:id')
    },
  })
  const targets = new Map<string, string>()
  let strings: string | null = null
  await scan(archive, RELATIONS, {
    open(name, attributes) {
      if (name !== 'Relationship') return
      const target = xmlAttribute(attributes, 'Target') ?? ''
      const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`
      targets.set(xmlAttribute(attributes, 'Id') ?? '', path)
      if (xmlAttribute(attributes, 'Type')?.endsWith('/sharedStrings')) strings = path
    },
  })
  const sheet = targets.get(first ?? '')
  if (!sheet || !archive.has(sheet)) throw new E_XLSX_UNREADABLE()
  return { sheet, strings: strings as string | null }
}

async function sharedStrings(archive: ZipArchive, name: string): Promise<string[]> {
  const texts: string[] = []
  let characters = 0
  const run = new TextRun()
  await scan(archive, name, {
    open: (tag) => run.open(tag),
    text: (text) => run.add(text),
    close(tag) {
      run.close(tag)
      if (tag !== 'si') return
      const text = run.take()
      characters += text.length + 8
      if (characters > SHARED_CHARACTERS) throw new E_ZIP_UNREADABLE()
      texts.push(text)
    },
  })
  return texts
}

/** The text of a cell: what stands in its `t` elements, but not how it is pronounced (`rPh`). */
class TextRun {
  private value = ''
  private isText = false
  private isReading = false

  open(tag: string) {
    if (tag === 'rPh') this.isReading = true
    if (tag === 't') this.isText = !this.isReading
  }

  add(text: string) {
    if (this.isText) this.value += text
  }

  close(tag: string) {
    if (tag === 't') this.isText = false
    if (tag === 'rPh') this.isReading = false
  }

  take() {
    const { value } = this
    this.value = ''
    return value
  }
}

type TakeRow = (row: { row: number; cells: string[] }) => void

/** Hears the tags of a sheet and gives its rows, without the empty ones. */
class SheetReader {
  private row = 0
  private column = -1
  private cells: string[] = []
  private type = ''
  private value = ''
  private isValue = false
  private readonly inline = new TextRun()

  constructor(
    private readonly shared: readonly string[],
    private readonly columns: number,
    private readonly take: TakeRow
  ) {}

  open(name: string, attributes: string) {
    if (name === 'c') return this.openCell(attributes)
    if (name === 'v') this.isValue = true
    else if (name === 'row') this.openRow(attributes)
    else this.inline.open(name)
  }

  text(text: string) {
    if (this.isValue) this.value += text
    else this.inline.add(text)
  }

  close(name: string) {
    if (name === 'v') this.isValue = false
    else if (name === 'c') this.closeCell()
    else if (name === 'row') this.closeRow()
    else this.inline.close(name)
  }

  private openRow(attributes: string) {
    this.row = Number(xmlAttribute(attributes, 'r') ?? this.row + 1)
    this.column = -1
    this.cells = []
  }

  private openCell(attributes: string) {
    const place = ADDRESS.exec(attributes)?.[1]
    this.column = place ? columnOf(place) : this.column + 1
    if (this.column >= this.columns) throw new E_XLSX_TOO_WIDE([this.columns])
    this.type = TYPE.exec(attributes)?.[1] ?? 'n'
    this.value = ''
    this.inline.take()
  }

  private closeCell() {
    const text = this.cellText()
    while (this.cells.length < this.column) this.cells.push('')
    this.cells[this.column] = text
  }

  private cellText() {
    if (this.type === 'inlineStr') return this.inline.take()
    if (this.type === 's') {
      const text = this.shared[Number(this.value)]
      if (text === undefined) throw new E_XML_UNREADABLE()
      return text
    }
    if (this.type === 'b') return this.value === '1' ? 'TRUE' : 'FALSE'
    return this.type === 'n' ? plainNumber(this.value) : this.value
  }

  private closeRow() {
    if (this.cells.some((cell) => cell !== '')) this.take({ row: this.row, cells: this.cells })
  }
}

const ADDRESS = /(?:^|\s)r\s*=\s*["']([A-Z]{1,3})\d+["']/
const TYPE = /(?:^|\s)t\s*=\s*["'](\w+)["']/

const columnOf = (letters: string) =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1

/** Excel saves 0.07 as 7.0000000000000007E-2: the shortest text of the same double is meant. */
const plainNumber = (value: string) =>
  value !== '' && Number.isFinite(Number(value)) ? String(Number(value)) : value
