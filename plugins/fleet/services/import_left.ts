import { Readable } from 'node:stream'
import type { I18n } from '@adonisjs/i18n'
import { BOM, csvCell } from '#core/csv'
import type MinerImport from '../models/miner_import.js'
import { fileRows } from './import_reading.js'
import { faultSentences, importRows } from './import_view.js'

const line = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`

/**
 * Rows that are not applied, with all of their own cells and the reasons behind them: to be mended
 * and sent again. Read from the file as it was sent.
 */
export async function leftCsv(list: MinerImport, i18n: I18n): Promise<Readable> {
  const rows = await importRows(list).whereIn('r.outcome', ['conflict', 'bad'])
  const reasons = new Map(
    rows.map((row) => [row.line as number, faultSentences(row.faults, i18n).join(' ')])
  )
  const file = await list.file()
  const { heads, hasHead } = list.reading
  const width = heads.length
  async function* pieces() {
    const reason = i18n.t('fleet_import.column.what')
    yield BOM + (hasHead ? line([...heads, reason]) : '')
    for await (const { line: number, cells } of fileRows(file, list.reading)) {
      const why = reasons.get(number)
      if (why === undefined) continue
      const own = Array.from({ length: Math.max(width, cells.length) }, (_, at) => cells[at] ?? '')
      yield line([...own, why])
    }
  }
  return Readable.from(pieces(), { objectMode: false })
}
