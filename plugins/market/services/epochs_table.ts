import { current } from '#core/current'
import type { Query, TableDefinition } from '#core/table'
import { EPOCH_ROWS } from './epochs.js'

const hex = (bits: number) => `0x${bits.toString(16).padStart(8, '0')}`

export const epochsTable: TableDefinition = {
  key: 'market.epochs',
  caption: 'market.epochs.title',
  columns: [
    { key: 'epoch', label: 'market.epochs.epoch', type: 'number', sort: 'epoch' },
    { key: 'first_height', label: 'market.epochs.height', type: 'number', sort: 'first_height' },
    { key: 'first_block_at', label: 'market.epochs.began', type: 'time', sort: 'first_block_at' },
    { key: 'difficulty', label: 'market.epochs.difficulty', type: 'number', sort: 'difficulty' },
    {
      key: 'change_pct',
      label: 'market.epochs.change',
      type: 'number',
      unit: '%',
      sort: 'change_pct',
    },
    {
      key: 'minutes_per_block',
      label: 'market.epochs.pace',
      type: 'number',
      unit: 'min',
      sort: 'minutes_per_block',
    },
    { key: 'bits', label: 'market.epochs.bits', csv: (row) => hex(row.bits), hidden: true },
    { key: 'source', label: 'market.epochs.source' },
  ],
  defaultSort: { key: 'epoch', dir: 'desc' },
  tieBreaker: 'epoch',
}

/** Stored epochs with change and pace. */
export function epochRows(): Query {
  const { client } = current.get()
  return client.from(client.raw(EPOCH_ROWS) as never).select('*')
}
