import { current } from '#core/current'
import type Batch from '../models/batch.js'
import type { PricedRow, RefusedRow } from './batch_rows.js'

/** A column of the table, its type, and where a row has it. */
const COLUMNS: readonly [name: string, type: string, value: (row: PricedRow) => Scalar][] = [
  ['line', 'int', (row) => row.line],
  ['name', 'text', (row) => withoutNul(row.name)],
  ['model', 'text', (row) => row.figures.model],
  ['count', 'int', (row) => row.figures.count],
  ['hashrate_ths', 'float8', (row) => row.figures.hashrateThs],
  ['power_w', 'float8', (row) => row.figures.powerW],
  ['usd_per_kwh', 'float8', (row) => row.figures.usdPerKwh],
  ['pool_fee_pct', 'float8', (row) => row.figures.poolFeePct],
  ['sats', 'int8', (row) => row.figures.booked.sats.toString()],
  ['revenue_cents', 'int8', (row) => row.figures.booked.revenueCents.toString()],
  ['electricity_cents', 'int8', (row) => row.figures.booked.electricityCents.toString()],
  ['fixed_cents', 'int8', (row) => row.figures.booked.fixedCents.toString()],
  ['profit_cents', 'int8', (row) => row.figures.booked.profitCents.toString()],
  ['break_even_usd_per_btc', 'float8', (row) => row.figures.breakEvenUsdPerBtc],
  ['break_even_usd_per_kwh', 'float8', (row) => row.figures.breakEvenUsdPerKwh],
]

const NAMES = COLUMNS.map(([name]) => name).join(', ')
const ARRAYS = COLUMNS.map(([, type]) => `?::${type}[]`).join(', ')

/** PostgreSQL has no text with a zero byte in it. */
const withoutNul = (text: string | null) => text?.replaceAll('\0', '') ?? null

/**
 * Stores priced rows as one set: an array a column, unnested by the database. (COPY is refused
 * under row-level security.)
 */
export async function storeRows(batch: Batch, rows: readonly PricedRow[]) {
  if (rows.length === 0) return
  const arrays = COLUMNS.map(([, type, value]) => arrayOf(type, rows.map(value)))
  await insertSet('calculator_batch_rows', { names: NAMES, arrays: ARRAYS }, [batch, ...arrays])
}

/** Stores refused rows with every reason and with the cells as they were sent. */
export async function storeFaults(batch: Batch, rows: readonly RefusedRow[]) {
  if (rows.length === 0) return
  const set = { names: 'line, faults, cells', arrays: '?::int[], ?::jsonb[], ?::jsonb[]' }
  await insertSet('calculator_batch_faults', set, [
    batch,
    arrayOf(
      'int',
      rows.map(({ line }) => line)
    ),
    arrayOf(
      'jsonb',
      rows.map(({ faults }) => asJson(faults))
    ),
    arrayOf(
      'jsonb',
      rows.map(({ cells }) => asJson(cells))
    ),
  ])
}

interface SetShape {
  names: string
  /** A mark with its type for each array. */
  arrays: string
}

async function insertSet(table: string, { names, arrays }: SetShape, values: [Batch, ...string[]]) {
  const [{ tenantId, id, customerId }, ...columns] = values
  await current.get().client.rawQuery(
    `insert into ${table} (tenant_id, batch_id, customer_id, ${names})
     select ?::uuid, ?::uuid, ?::uuid, * from unnest(${arrays})`,
    [tenantId, id, customerId as string, ...columns]
  )
}

type Scalar = string | number | null

/** An array as the database writes it; the driver would quote every number of it. */
function arrayOf(type: string, values: readonly Scalar[]): string {
  const isText = type === 'text' || type === 'jsonb'
  return `{${values.map((value) => (value === null ? 'NULL' : isText ? quoted(String(value)) : value)).join(',')}}`
}

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`

const asJson = (value: unknown) => JSON.stringify(value).replaceAll(String.raw`\u0000`, '')
