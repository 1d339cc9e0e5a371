import type { TableFilter } from '#core/table'
import { current } from '#core/current'

/** Rows of a table of the current tenant. The tenant is also in the query: one shard answers. */
export const rowsOf = (table: string) => {
  const { client } = current.get()
  return client.from(table).where(`${table}.tenant_id`, current.tenantId())
}

/** Hides archived records until somebody asks for them. */
export const archivedFilter = (table: string): TableFilter => ({
  key: 'state',
  label: 'admin.filter.state',
  options: [
    { value: 'active', label: 'admin.state.active' },
    { value: 'archived', label: 'admin.state.archived' },
    { value: 'all', label: 'admin.state.all' },
  ],
  apply: (query, value) => {
    if (value === 'archived') query.whereNotNull(`${table}.archived_at`)
    if (value === 'active') query.whereNull(`${table}.archived_at`)
  },
  otherwise: (query) => query.whereNull(`${table}.archived_at`),
})
