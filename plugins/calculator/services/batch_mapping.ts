import type { Infer } from '@vinejs/vine/types'
import { BadInput } from '#core/errors'
import type { FileRow } from '#core/file_rows'
import { BATCH_FIELDS, BATCH_UNITS } from '../domain/batch_fields.js'
import type { BatchColumns } from '../domain/batch_heads.js'
import { type BatchReading, readingOf, sampleRows } from './batch_reading.js'
import type { SharedInputs } from './batch_rows.js'
import type { readingValidator } from '../batch_validators.js'

export type AskedReading = Infer<typeof readingValidator>

/** Which columns a choice belongs to: those of another separator mean nothing. */
export const seenMark = ({ delimiter, hasHead }: Pick<BatchReading, 'delimiter' | 'hasHead'>) =>
  `${DELIMITER_NAMES[delimiter]}${hasHead ? '-head' : ''}`

export const DELIMITER_NAMES: Record<BatchReading['delimiter'], string> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
}

/** Empty fields of a form are left to the guess; nested ones too. */
export function withoutEmpty(values: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(values)
    .filter(([, value]) => value !== '' && value !== null)
    .map(([key, value]) => [key, isPlain(value) ? withoutEmpty(value) : value])
  return Object.fromEntries(entries)
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Read {
  reading: BatchReading
  /** The first rows, without the head. */
  rows: FileRow[]
  shared: SharedInputs
}

/** The beginning of a text, read as somebody wants it. Throws E_FILE_TEXT. */
export async function readAs(
  before: BatchReading,
  asked: AskedReading,
  beginning: Buffer
): Promise<Read> {
  const how = separators(before, asked)
  const rows = await sampleRows(beginning, how.delimiter)
  const isSame = seenMark(how) === seenMark(before)
  const reading = isSame ? { ...before, ...how } : readingOf(how, rows[0]?.cells ?? [])
  if (asked.columns && asked.seen === seenMark(how)) reading.columns = chosen(asked)
  return { reading, rows: rows.slice(how.hasHead ? 1 : 0), shared: asked.shared ?? {} }
}

/** A workbook has cells of its own; there is nothing to choose. */
const separators = ({ kind, ...before }: BatchReading, asked: AskedReading) => ({
  kind,
  delimiter: kind === 'xlsx' ? before.delimiter : (asked.delimiter ?? before.delimiter),
  decimal: asked.decimal ?? before.decimal,
  hasHead: asked.hasHead ?? before.hasHead,
})

function chosen({ columns = {}, units = {} }: AskedReading): BatchColumns {
  const mapped: BatchColumns = {}
  for (const field of BATCH_FIELDS) {
    const column = columns[field]
    if (column === undefined) continue
    const unit = BATCH_UNITS[field]?.find(({ code }) => code === units[field])
    mapped[field] = { column, unit: unit?.code ?? BATCH_UNITS[field]?.[0]?.code }
  }
  return mapped
}

/** A miner must be told somehow: by its model, or by hashrate and power. */
export function refuseWithoutMiner({ columns }: BatchReading) {
  if (columns.model || (columns.hashrateThs && columns.powerW)) return
  throw new BadInput([{ field: 'columns.model', key: 'calculator_batch.problem.no_miner_column' }])
}
