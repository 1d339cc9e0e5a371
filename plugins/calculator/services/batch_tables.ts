import { current } from '#core/current'
import type { Query, TableDefinition } from '#core/table'

const rowsOf = (table: string): Query =>
  current.get().client.from(table).where(`${table}.tenant_id`, current.tenantId())

const STATES = ['draft', 'waiting', 'running', 'done', 'failed', 'cancelled'] as const

/** The batches of a company; a client sees those of their customer. */
export const batchesTable: TableDefinition = {
  key: 'calculator.batches',
  caption: 'calculator_batch.title',
  columns: [
    { key: 'name', label: 'calculator_batch.column.name', sort: 'calculator_batches.name' },
    {
      key: 'state',
      label: 'calculator_batch.column.state',
      type: 'state',
      sort: 'calculator_batches.state',
    },
    {
      key: 'rows_priced',
      label: 'calculator_batch.column.priced',
      type: 'number',
      sort: 'calculator_batches.rows_priced',
    },
    {
      key: 'rows_refused',
      label: 'calculator_batch.column.refused',
      type: 'number',
      sort: 'calculator_batches.rows_refused',
    },
    { key: 'profit', label: 'calculator_batch.column.profit', type: 'number', unit: '$' },
    {
      key: 'created_at',
      label: 'calculator_batch.column.created',
      type: 'time',
      sort: 'calculator_batches.created_at',
    },
  ],
  defaultSort: { key: 'created_at', dir: 'desc' },
  search: ['calculator_batches.name'],
  filters: [
    {
      key: 'state',
      label: 'calculator_batch.column.state',
      options: STATES.map((value) => ({ value, label: `calculator_batch.state.${value}` })),
      apply: (query, value) => query.where('calculator_batches.state', value),
    },
  ],
  tieBreaker: 'calculator_batches.id',
}

export const batchRows = () => rowsOf('calculator_batches').select('calculator_batches.*')

const figure = (key: string, unit?: string) => ({
  key,
  label: `calculator_batch.column.${key}`,
  type: 'number' as const,
  unit,
  sort: `calculator_batch_rows.${key}`,
})

/** The priced rows of one batch. */
export const resultsTable: TableDefinition = {
  key: 'calculator.batch_rows',
  caption: 'calculator_batch.results',
  columns: [
    figure('line'),
    { key: 'name', label: 'calculator_batch.field.name', sort: 'calculator_batch_rows.name' },
    { key: 'model', label: 'calculator_batch.field.model', sort: 'calculator_batch_rows.model' },
    figure('count'),
    figure('hashrate_ths', 'TH/s'),
    { ...figure('power_w', 'W'), hidden: true },
    { ...figure('usd_per_kwh', '$/kWh'), hidden: true },
    { ...figure('pool_fee_pct', '%'), hidden: true },
    figure('sats', 'BTC'),
    figure('revenue_cents', '$'),
    figure('electricity_cents', '$'),
    { ...figure('fixed_cents', '$'), hidden: true },
    figure('profit_cents', '$'),
    { ...figure('break_even_usd_per_btc', '$'), hidden: true },
    { ...figure('break_even_usd_per_kwh', '$/kWh'), hidden: true },
  ],
  defaultSort: { key: 'line' },
  search: ['calculator_batch_rows.name', 'calculator_batch_rows.model'],
  filters: [
    {
      key: 'outcome',
      label: 'calculator_batch.outcome.label',
      options: ['gain', 'loss'].map((value) => ({
        value,
        label: `calculator_batch.outcome.${value}`,
      })),
      apply: (query, value) => query.where('profit_cents', value === 'gain' ? '>=' : '<', 0),
    },
  ],
  tieBreaker: 'calculator_batch_rows.line',
}

export const resultRows = (batchId: string) =>
  rowsOf('calculator_batch_rows').where('batch_id', batchId).select('calculator_batch_rows.*')

/** The refused rows of one batch. */
export const faultsTable: TableDefinition = {
  key: 'calculator.batch_faults',
  caption: 'calculator_batch.refused',
  columns: [
    {
      key: 'line',
      label: 'calculator_batch.column.line',
      type: 'number',
      sort: 'calculator_batch_faults.line',
    },
    { key: 'faults', label: 'calculator_batch.column.reason' },
    { key: 'cells', label: 'calculator_batch.column.cells' },
  ],
  defaultSort: { key: 'line' },
  search: ['calculator_batch_faults.cells'],
  tieBreaker: 'calculator_batch_faults.line',
}

export const faultRows = (batchId: string) =>
  rowsOf('calculator_batch_faults').where('batch_id', batchId).select('calculator_batch_faults.*')
