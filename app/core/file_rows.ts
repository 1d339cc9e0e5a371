import { Readable } from 'node:stream'
import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse'
import { defineError } from '#core/errors'

/** Text that stops being a table at some line: a quote that never ends, a line without end. */
export const E_FILE_TEXT = defineError<[line: number]>(
  'The text is no table from line %d on',
  'E_FILE_TEXT',
  422
)

/** Neither a table of text nor a workbook. */
export const E_FILE_KIND = defineError('The file is neither CSV nor a workbook', 'E_FILE_KIND', 422)

/** Nothing but a head, or nothing at all. */
export const E_FILE_EMPTY = defineError('There are no rows', 'E_FILE_EMPTY', 422)

export interface FileRow {
  /** The line on which the row ends, from 1; of a workbook the number that Excel shows. */
  line: number
  cells: string[]
}

/** Beginnings of files that people take for tables: pictures, PDF, old Excel, programs. */
const FOREIGN = [
  '%PDF',
  '\u00D0\u00CF\u0011\u00E0',
  '\u0089PNG',
  'GIF8',
  '\u00FF\u00D8\u00FF',
  '\u007FELF',
]

/** UTF-8, UTF-16 with its mark, or GB 18030, in which Chinese Excel saves. Throws E_FILE_KIND. */
export function decodeText(file: Buffer): string {
  const start = file.toString('latin1', 0, 4)
  if (FOREIGN.some((mark) => start.startsWith(mark))) throw new E_FILE_KIND()
  if (start.startsWith('\u00FF\u00FE')) return new TextDecoder('utf-16le').decode(file)
  if (start.startsWith('\u00FE\u00FF')) return new TextDecoder('utf-16be').decode(file)
  if (file.includes(0)) throw new E_FILE_KIND()
  return decoded(file, 'utf-8') ?? decoded(file, 'gb18030') ?? refuse()
}

function decoded(file: Buffer, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(file)
  } catch {
    return null
  }
}

function refuse(): never {
  throw new E_FILE_KIND()
}

const MOST_RECORD = 64 * 1024

const optionsFor = (delimiter: string): Options => ({
  delimiter,
  bom: true,
  info: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
  max_record_size: MOST_RECORD,
  record_delimiter: ['\r\n', '\n', '\r'],
})

/** The rows of a text as it comes. Throws E_FILE_TEXT with the line where it stops being a table. */
export async function* textRows(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  delimiter: string
): AsyncGenerator<FileRow> {
  const parser = parse(optionsFor(delimiter))
  const source = Readable.from(pieces, { objectMode: false })
  source.on('error', (error) => parser.destroy(error))
  try {
    for await (const { info, record } of source.pipe(parser) as AsyncIterable<{
      info: InfoRecord
      record: string[]
    }>) {
      yield { line: info.lines, cells: record }
    }
  } catch (error) {
    throw error instanceof CsvError ? new E_FILE_TEXT([Number(error.lines ?? 1)]) : error
  } finally {
    source.destroy()
  }
}
