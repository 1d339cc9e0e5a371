import { current } from '#core/current'
import type { Query, TableColumn, TableDefinition } from '#core/table'
import type { Choice } from './page_choices.js'

/** States of staged machines, those that wait for somebody first. */
export const FOUND_STATES = [
  'new',
  'moved',
  'duplicate',
  'unknown',
  'gone',
  'ignored',
  'accepted',
] as const

export const FOUND_KINDS: Record<string, string> = {
  new: 'info',
  moved: 'warn',
  duplicate: 'bad',
  unknown: 'neutral',
  gone: 'warn',
  ignored: 'neutral',
  accepted: 'good',
}

/** What somebody must decide about. */
const WAITING = ['new', 'moved', 'duplicate', 'unknown', 'gone']

/** What scans found, with the miner that it is by our books. */
export const foundRows = (): Query =>
  current
    .get()
    .client.from('fleet_found as f')
    .where('f.tenant_id', current.tenantId())
    .leftJoin('sites as s', (join) => join.on('s.tenant_id', 'f.tenant_id').on('s.id', 'f.site_id'))
    .leftJoin('fleet_collectors as o', (join) =>
      join.on('o.tenant_id', 'f.tenant_id').on('o.id', 'f.collector_id')
    )
    .leftJoin('fleet_miners as m', (join) =>
      join.on('m.tenant_id', 'f.tenant_id').on('m.id', 'f.miner_id')
    )
    .select('f.id', 'f.ip', 'f.mac', 'f.serial_number', 'f.driver', 'f.evidence', 'f.make')
    .select('f.model', 'f.firmware_family', 'f.firmware_version', 'f.hostname', 'f.state')
    .select('f.first_seen_at', 'f.last_seen_at', 'f.miner_id', 'f.miner_key')
    .select({ site: 's.name', collector: 'o.name', no: 'm.no', name: 'm.name' })

const column = (key: string, sort: string, more: Partial<TableColumn> = {}): TableColumn => ({
  key,
  label: `fleet.column.${key}`,
  sort,
  ...more,
})

/** The review of what scans found. */
export const foundTable = (sites: readonly Choice[]): TableDefinition => ({
  key: 'fleet.found',
  caption: 'fleet.discovery.title',
  columns: [
    column('ip', 'f.ip'),
    column('state', 'f.state', { type: 'state' }),
    column('model', 'f.model', {
      csv: ({ make, model }) => [make, model].filter(Boolean).join(' '),
    }),
    column('firmware', 'f.firmware_version', {
      csv: (row) => [row.firmware_family, row.firmware_version].filter(Boolean).join(' '),
    }),
    column('mac', 'f.mac'),
    column('serial_number', 'f.serial_number'),
    column('site', 's.name'),
    column('last_seen_at', 'f.last_seen_at', { type: 'time' }),
    column('hostname', 'f.hostname', { hidden: true }),
    column('collector', 'o.name', { hidden: true }),
    column('first_seen_at', 'f.first_seen_at', { type: 'time', hidden: true }),
  ],
  defaultSort: { key: 'last_seen_at', dir: 'desc' },
  search: ['f.ip', 'f.mac', 'f.serial_number', 'f.make', 'f.model', 'f.hostname'],
  filters: [
    {
      key: 'state',
      label: 'fleet.discovery.waiting',
      options: [...FOUND_STATES, 'all'].map((value) => ({ value, label: `fleet.found.${value}` })),
      apply: (query, value) => value !== 'all' && query.where('f.state', value),
      otherwise: (query) => query.whereIn('f.state', WAITING),
    },
    {
      key: 'site_id',
      label: 'fleet.column.site',
      options: sites.map(({ value, label }) => ({ value, label, plain: true })),
      apply: (query, value) => query.where('f.site_id', value),
    },
  ],
  tieBreaker: 'f.id',
})
