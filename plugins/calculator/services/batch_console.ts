import { createWriteStream, existsSync } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { I18n } from '@adonisjs/i18n'
import i18nManager from '@adonisjs/i18n/services/main'
import vine from '@vinejs/vine'
import { BOM } from '#core/csv'
import { BadInput } from '#core/errors'
import { textRows } from '#core/file_rows'
import { xlsxStream } from '#core/xlsx_stream'
import { sharedQuery } from '../batch_validators.js'
import { isBatchField } from '../domain/batch_fields.js'
import { unitIn } from '../domain/batch_heads.js'
import { addRow, type BatchTotals, NO_TOTALS } from '../domain/batch_totals.js'
import {
  csvPieces,
  csvText,
  faultHead,
  faultLine,
  type Line,
  RESULT_WIDTHS,
  resultHead,
  resultLine,
} from './batch_lines.js'
import { refuseWithoutMiner } from './batch_mapping.js'
import { type BatchReading, guessReading } from './batch_reading.js'
import { resultOf } from './batch_result.js'
import { BatchRows, isPriced, type RefusedRow } from './batch_rows.js'
import { batchText } from './batch_text.js'
import { faultSentences } from './batch_texts.js'
import { sharedSources } from './batch_sources.js'
import { loadContext } from './input_context.js'

export interface FileQuestion {
  file: string
  /** .csv or .xlsx */
  out?: string
  /** .csv */
  faults?: string
  /** `field=Head of the column`; the others as their heads say. */
  map: readonly string[]
  /** As they were typed. */
  shared: Record<string, string | undefined>
}

const MOST_SHOWN = 20
const sharedValidator = vine.create(sharedQuery.clone())

/** Prices a file into files; nothing is stored. Throws BadInput and the refusals of the readers. */
export async function priceFile({ file, out, faults, map, shared: typed }: FileQuestion) {
  if (!existsSync(file)) throw noFile(file)
  const i18n = i18nManager.locale('en')
  const text = await batchText(await readFile(file))
  const reading = mapped(await guessReading(text.kind, text.bytes), map)
  refuseWithoutMiner(reading)
  const shared = await sharedValidator.validate(typed)
  const context = await loadContext(new Date(), 'all')
  const ledger = new Ledger(i18n, faults ? await open(faults, 'w') : null)
  try {
    await ledger.begin(reading)
    const rows = new BatchRows(reading, shared, context)
    await writeTo(out, ledger.lines(rows, textRows([text.bytes], reading.delimiter)), i18n)
  } finally {
    await ledger.end()
  }
  return { ...ledger.summary(), pricedAt: context.now, sources: sharedSources(shared, context) }
}

const noFile = (file: string) =>
  new BadInput([{ field: 'file', key: 'calculator_batch.problem.no_file', args: { file } }])

function mapped(reading: BatchReading, map: readonly string[]): BatchReading {
  const columns = { ...reading.columns }
  for (const entry of map) {
    const [field = '', head = ''] = entry.split('=', 2).map((part) => part.trim())
    const column = reading.heads.indexOf(head)
    if (!isBatchField(field) || column === -1) {
      throw new BadInput([{ field: 'map', key: 'calculator_batch.problem.map', args: { entry } }])
    }
    columns[field] = { column, unit: unitIn(field, head) }
  }
  return { ...reading, columns }
}

async function writeTo(out: string | undefined, lines: AsyncGenerator<Line>, i18n: I18n) {
  if (!out) {
    for await (const _ of lines);
    return
  }
  const head = resultHead(i18n)
  const sheet = { name: i18n.t('calculator_batch.results'), head, rows: lines }
  const pieces = out.toLowerCase().endsWith('.xlsx')
    ? xlsxStream([{ ...sheet, widths: RESULT_WIDTHS }])
    : csvPieces(head, lines)
  await pipeline(Readable.from(pieces, { objectMode: false }), createWriteStream(out))
}

/** Counts, sums and reports while the rows pass. */
class Ledger {
  private totals: BatchTotals = NO_TOTALS
  private priced = 0
  private refused = 0
  private readonly first: { line: number; reason: string }[] = []
  private hasHead = false

  constructor(
    private readonly i18n: I18n,
    private readonly faults: FileHandle | null
  ) {}

  async begin(reading: BatchReading) {
    this.hasHead = reading.hasHead
    await this.faults?.write(BOM + csvText(faultHead(reading.heads, this.i18n)))
  }

  async *lines(rows: BatchRows, text: ReturnType<typeof textRows>): AsyncGenerator<Line> {
    let isHead = this.hasHead
    for await (const row of text) {
      if (!isHead) {
        const outcome = await rows.price(row)
        if (isPriced(outcome)) {
          this.priced += 1
          this.totals = addRow(this.totals, outcome.figures.booked, outcome.figures.count)
          yield resultLine(resultOf(outcome))
        } else await this.refuse(outcome)
      }
      isHead = false
    }
  }

  end() {
    return this.faults?.close()
  }

  summary() {
    const { priced: rowsPriced, refused: rowsRefused, totals, first: firstRefusals } = this
    return { rowsPriced, rowsRefused, totals, firstRefusals }
  }

  private async refuse(row: RefusedRow) {
    this.refused += 1
    const { line, faults } = row
    if (this.first.length < MOST_SHOWN) {
      this.first.push({ line, reason: faultSentences(faults, this.i18n).join(' ') })
    }
    await this.faults?.write(csvText(faultLine(row, this.i18n)))
  }
}
