import { current } from '#core/current'
import type { Query, Row, TableColumn, TableDefinition, TableFilter } from '#core/table'
import type { Choice, Choices } from './page_choices.js'
import { STATES_SHOWN } from './page_states.js'

/**
 * Whether the newest sample says what the miner does now. Of a miner that somebody works on, only
 * a sample of the last minutes does.
 */
export const IS_NOW = `(l.connectivity in ('online', 'starting', 'tuning', 'paused')
  or (l.connectivity = 'maintenance' and l.answered_at > now() - interval '10 minutes'))`

/** What a miner should do: by its own word, else by its sticker. Of live rows alone. */
export const EXPECTED = 'coalesce(l.expected_hashrate_ths, l.nameplate_ths)'

const now = (column: string) => `case when ${IS_NOW} then l.${column} end`

/**
 * Miners with what they do now and the names of where they belong; a part of other queries. Names
 * are asked for the rows of a page only: they cost a fleet of 50,000 a tenth of a second otherwise.
 */
const ROWS = `
  select m.id, m.no, m.name, m.site_id, m.zone_id, m.customer_id, m.collector_id, m.ip, m.mac,
    m.serial_number, m.make, m.model, m.hostname, m.firmware_family, m.firmware_version, m.status, m.evidence,
    m.rack, m.shelf, m.position,
    (select s.name from sites s where s.tenant_id = m.tenant_id and s.id = m.site_id) as site,
    (select z.name from zones z where z.tenant_id = m.tenant_id and z.id = m.zone_id) as zone,
    (select c.name from customers c where c.tenant_id = m.tenant_id and c.id = m.customer_id) as customer,
    (select o.name from fleet_collectors o where o.tenant_id = m.tenant_id and o.id = m.collector_id)
      as collector,
    coalesce(l.connectivity, 'never') as connectivity, l.connectivity_since,
    l.answered_at, coalesce(l.expected_hashrate_ths, m.nameplate_hashrate_ths) as expected_ths, ${now('hashrate_ths')} as hashrate_ths,
    100 * ${now('hashrate_ths')} / nullif(${EXPECTED}, 0) as pct,
    ${now('wattage_w')} as wattage_w, ${now('wattage_source')} as wattage_source,
    ${now('wattage_w')} / nullif(${now('hashrate_ths')}, 0) as jth,
    ${now('temp_max_c')} as temp_max_c, ${now('fan_min_rpm')} as fan_min_rpm,
    ${now('fan_max_rpm')} as fan_max_rpm, l.pool_url, l.pool_user, l.faults, m.search_words
  from fleet_miners m
  left join fleet_telemetry_live l on l.tenant_id = m.tenant_id and l.miner_no = m.no
  where m.tenant_id = ?`

const SHOWN = [
  ...['id', 'no', 'name', 'site_id', 'ip', 'mac', 'serial_number', 'make', 'model', 'hostname'],
  ...['firmware_family', 'firmware_version', 'status', 'zone_id', 'rack', 'shelf', 'position'],
  ...['site', 'zone', 'customer', 'collector', 'connectivity', 'connectivity_since', 'answered_at'],
  ...['expected_ths', 'hashrate_ths', 'pct', 'wattage_w', 'wattage_source', 'jth', 'temp_max_c'],
  ...['evidence', 'fan_min_rpm', 'fan_max_rpm', 'pool_url', 'pool_user', 'faults'],
]

/** The miners that the current person may see, with all that lists show or with these columns. */
export function minerRows(columns: readonly string[] = SHOWN): Query {
  const { client } = current.get()
  return client
    .from(client.raw(`(${ROWS}) as f`, [current.tenantId()]) as never)
    .select(...columns.map((name) => `f.${name}`))
}

const column = (key: string, more: Partial<TableColumn> = {}): TableColumn => ({
  key,
  label: `fleet.column.${key}`,
  sort: `f.${key}`,
  ...more,
})

const figure = (key: string, unit: string, more: Partial<TableColumn> = {}) =>
  column(key, { type: 'number', unit, ...more })

const placeOf = ({ site, zone, rack, shelf, position }: Row) =>
  [site, zone, rack, shelf, position].filter((part) => part !== null).join(' / ')

const COLUMNS: readonly TableColumn[] = [
  column('no', { type: 'number' }),
  column('name'),
  column('model', { csv: ({ make, model }) => [make, model].filter(Boolean).join(' ') }),
  column('place', { sort: 'f.site', csv: placeOf }),
  column('connectivity', { type: 'state' }),
  figure('pct', '%'),
  figure('hashrate_ths', 'TH/s'),
  // A picture: a file of the list leaves it empty.
  { key: 'trend', label: 'fleet.column.trend', csv: () => null },
  figure('wattage_w', 'W'),
  figure('jth', 'J/TH'),
  figure('temp_max_c', '°C'),
  figure('fan_min_rpm', 'rpm'),
  column('pool_url'),
  column('ip'),
  column('firmware', {
    sort: 'f.firmware_version',
    csv: (row) => [row.firmware_family, row.firmware_version].filter(Boolean).join(' '),
  }),
  column('answered_at', { type: 'time' }),
  figure('expected_ths', 'TH/s', { hidden: true }),
  column('pool_user', { hidden: true }),
  column('mac', { hidden: true }),
  column('serial_number', { hidden: true }),
  column('customer', { hidden: true }),
  column('collector', { hidden: true }),
  column('status', { hidden: true }),
]

/** Columns of the house, not of its clients. */
const INTERNAL = new Set(['customer', 'collector'])

/** A filter by one of these; none where there is nothing to choose. */
const equals = (key: string, name: string, options: readonly Choice[]): TableFilter[] =>
  options.length === 0
    ? []
    : [
        {
          key,
          label: `fleet.column.${name}`,
          options: options.map(({ value, label }) => ({ value, label, plain: true })),
          apply: (query, value) => query.where(`f.${key}`, value),
        },
      ]

/** Looks into what the database keeps for it, in small letters. */
const searchFor = (query: Query, pattern: string) =>
  query.where(
    'f.search_words',
    'like',
    pattern.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  )

/** The list of miners; filters offer what there is. */
export function minersTable(choices: Choices, isClient = false): TableDefinition {
  return {
    key: 'fleet.miners',
    caption: 'fleet.nav.miners',
    columns: isClient ? COLUMNS.filter(({ key }) => !INTERNAL.has(key)) : COLUMNS,
    defaultSort: { key: 'no' },
    search: searchFor,
    rowKey: 'f.id',
    filters: [
      {
        key: 'connectivity',
        label: 'fleet.column.connectivity',
        options: STATES_SHOWN.map((value) => ({ value, label: `fleet.state.${value}` })),
        apply: (query, value) => query.where('f.connectivity', value),
      },
      ...equals('site_id', 'site', choices.sites),
      ...equals('zone_id', 'zone', choices.zones),
      ...equals('model', 'model', choices.models),
      ...equals('firmware_family', 'firmware', choices.firmwares),
      ...equals('customer_id', 'customer', choices.customers),
      ...equals('collector_id', 'collector', choices.collectors),
      {
        key: 'status',
        label: 'fleet.column.status',
        options: ['active', 'maintenance', 'retired', 'merged'].map((value) => ({
          value,
          label: `fleet.status.${value}`,
        })),
        apply: (query, value) => query.where('f.status', value),
        otherwise: (query) => query.whereIn('f.status', ['active', 'maintenance']),
      },
    ],
    tieBreaker: 'f.no',
  }
}
