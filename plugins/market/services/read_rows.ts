import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { parse } from 'csv-parse'
import type { RawRow } from '../domain/parse_row.js'

export interface ReadRow {
  record: RawRow
  info: { lines: number }
}

/** The rows of a CSV file, one by one, by the names of its head in lower case. */
export const rowsOf = (file: string) =>
  createReadStream(file).pipe(
    parse({
      bom: true,
      columns: (head: string[]) => head.map((name) => name.trim().toLowerCase()),
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
    })
  ) as AsyncIterable<ReadRow>

const HEAD_BYTES = 4096

/** The names in the first line of a CSV file; none where it has no line of text. */
export async function headOf(file: string): Promise<string[]> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const text = buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
    const line = text.split(/\r?\n/, 1)[0] ?? ''
    return line.split(',').map((name) => name.trim().replace(/^"|"$/g, ''))
  } finally {
    await handle.close()
  }
}
