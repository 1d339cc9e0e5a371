import type { I18n } from '@adonisjs/i18n'
import { BOM, csvCell, type CsvValue } from '#core/csv'
import type { ResultRow } from './batch_result.js'
import type { BatchFault } from './batch_rows.js'
import { faultSentences } from './batch_texts.js'

/** A line of a file. */
export type Line = readonly CsvValue[]

const dollars = (cents: bigint) => Number(cents) / 100

/** Key of the head, unit and value: the same columns in CSV and XLSX, for people and at the console. */
const COLUMNS: readonly [key: string, unit: string, value: (row: ResultRow) => CsvValue][] = [
  ['line', '', (row) => row.line],
  ['name', '', (row) => row.name],
  ['model', '', (row) => row.model],
  ['count', '', (row) => row.count],
  ['hashrate_ths', 'TH/s', (row) => row.hashrateThs],
  ['power_w', 'W', (row) => row.powerW],
  ['usd_per_kwh', '$/kWh', (row) => row.usdPerKwh],
  ['pool_fee_pct', '%', (row) => row.poolFeePct],
  ['sats', 'sat', (row) => row.sats],
  ['revenue_cents', '$', (row) => dollars(row.revenueCents)],
  ['electricity_cents', '$', (row) => dollars(row.electricityCents)],
  ['fixed_cents', '$', (row) => dollars(row.fixedCents)],
  ['profit_cents', '$', (row) => dollars(row.profitCents)],
  ['break_even_usd_per_btc', '$', (row) => row.breakEvenUsdPerBtc],
  ['break_even_usd_per_kwh', '$/kWh', (row) => row.breakEvenUsdPerKwh],
]

export const resultHead = (i18n: I18n) =>
  COLUMNS.map(([key, unit]) => {
    const label = i18n.t(`calculator_batch.column.${key}`)
    return unit ? `${label} (${unit})` : label
  })

export const resultLine = (row: ResultRow): Line => COLUMNS.map(([, , value]) => value(row))

const WIDE = ['name', 'model']
export const RESULT_WIDTHS = COLUMNS.map(([key]) => (WIDE.includes(key) ? 28 : 16))

export const faultHead = (heads: readonly string[], i18n: I18n): Line => [
  i18n.t('calculator_batch.column.line'),
  i18n.t('calculator_batch.column.reason'),
  ...heads,
]

interface Refused {
  line: number
  faults: readonly BatchFault[]
  cells: readonly string[]
}

/** A refused row: where it stood, why, and its cells as they were sent. */
export const faultLine = ({ line, faults, cells }: Refused, i18n: I18n): Line => [
  line,
  faultSentences(faults, i18n).join(' '),
  ...cells,
]

export const csvText = (line: Line) => `${line.map(csvCell).join(',')}\r\n`

const CSV_BATCH = 500

/** A CSV file in pieces, as its lines come. */
export async function* csvPieces(head: Line, lines: AsyncIterable<Line>) {
  let text = BOM + csvText(head)
  let count = 0
  for await (const line of lines) {
    text += csvText(line)
    count += 1
    if (count % CSV_BATCH !== 0) continue
    yield text
    text = ''
  }
  yield text
}
