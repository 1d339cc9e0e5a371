import type { TableDefinition } from '#core/table'
import { archivedFilter, rowsOf } from './shared.js'

export const customersTable: TableDefinition = {
  key: 'core.customers',
  caption: 'core.nav.customers',
  columns: [
    { key: 'name', label: 'admin.customer.field.name', sort: 'customers.name' },
    { key: 'code', label: 'admin.customer.field.code', sort: 'customers.code' },
    { key: 'email', label: 'admin.customer.field.email', sort: 'customers.email' },
    {
      key: 'people',
      label: 'admin.customer.people',
      type: 'number',
      csv: (row) => Number(row.people),
    },
    {
      key: 'created_at',
      label: 'admin.created',
      type: 'time',
      sort: 'customers.created_at',
      hidden: true,
    },
    { key: 'archived_at', label: 'admin.filter.state', type: 'state' },
  ],
  defaultSort: { key: 'name' },
  search: ['customers.name', 'customers.code', 'customers.email'],
  filters: [archivedFilter('customers')],
  tieBreaker: 'customers.id',
}

/** Customers with the number of people who sign in for them. */
export const customerRows = () =>
  rowsOf('customers')
    .select('customers.*')
    .select(
      rowsOf('memberships')
        .whereColumn('memberships.customer_id', 'customers.id')
        .count('*')
        .as('people')
    )
