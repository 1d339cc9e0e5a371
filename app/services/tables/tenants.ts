import type { TableDefinition } from '#core/table'

export const tenantsTable: TableDefinition = {
  key: 'core.tenants',
  caption: 'core.nav.tenants',
  columns: [
    { key: 'name', label: 'admin.tenant.field.name', sort: 'tenants.name' },
    { key: 'slug', label: 'admin.tenant.field.slug', sort: 'tenants.slug' },
    { key: 'currency', label: 'admin.tenant.field.currency', sort: 'tenants.currency' },
    {
      key: 'members',
      label: 'admin.tenant.members',
      type: 'number',
      csv: (row) => Number(row.members),
    },
    { key: 'created_at', label: 'admin.created', type: 'time', sort: 'tenants.created_at' },
    { key: 'suspended_at', label: 'admin.filter.state', type: 'state' },
  ],
  defaultSort: { key: 'name' },
  search: ['tenants.name', 'tenants.slug'],
  filters: [
    {
      key: 'state',
      label: 'admin.filter.state',
      options: [
        { value: 'active', label: 'admin.state.active' },
        { value: 'suspended', label: 'admin.state.suspended' },
      ],
      apply: (query, value) =>
        value === 'suspended'
          ? query.whereNotNull('tenants.suspended_at')
          : query.whereNull('tenants.suspended_at'),
    },
  ],
  tieBreaker: 'tenants.id',
}
