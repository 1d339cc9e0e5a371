import type { TableDefinition } from '#core/table'
import { archivedFilter, rowsOf } from './shared.js'

export const sitesTable: TableDefinition = {
  key: 'core.sites',
  caption: 'core.nav.sites',
  columns: [
    { key: 'name', label: 'admin.site.field.name', sort: 'sites.name' },
    { key: 'code', label: 'admin.site.field.code', sort: 'sites.code' },
    { key: 'time_zone', label: 'admin.site.field.timeZone', sort: 'sites.time_zone' },
    { key: 'country', label: 'admin.site.field.country', sort: 'sites.country' },
    {
      key: 'capacity_kw',
      label: 'admin.site.field.capacityKw',
      type: 'number',
      unit: 'kW',
      sort: 'sites.capacity_kw',
    },
    { key: 'zones', label: 'admin.site.zones', type: 'number', csv: (row) => Number(row.zones) },
    {
      key: 'created_at',
      label: 'admin.created',
      type: 'time',
      sort: 'sites.created_at',
      hidden: true,
    },
    { key: 'archived_at', label: 'admin.filter.state', type: 'state' },
  ],
  defaultSort: { key: 'name' },
  search: ['sites.name', 'sites.code'],
  filters: [archivedFilter('sites')],
  tieBreaker: 'sites.id',
}

/** Sites with the number of their living zones. */
export const siteRows = () =>
  rowsOf('sites')
    .select('sites.*')
    .select(
      rowsOf('zones')
        .whereColumn('zones.site_id', 'sites.id')
        .whereNull('zones.archived_at')
        .count('*')
        .as('zones')
    )
