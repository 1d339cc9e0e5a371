import type { Query, TableDefinition, TableFilter } from '#core/table'
import { TENANT_ROLES } from '#core/roles'
import { stateOf } from '#services/members'

const NOW = 'now()'
const alive = (query: Query) =>
  query.whereRaw(`(memberships.valid_until is null or memberships.valid_until > ${NOW})`)

const STATES: Record<string, (query: Query) => unknown> = {
  active: (query) =>
    alive(query).whereNull('memberships.suspended_at').whereRaw(`memberships.valid_from <= ${NOW}`),
  future: (query) =>
    alive(query).whereNull('memberships.suspended_at').whereRaw(`memberships.valid_from > ${NOW}`),
  suspended: (query) => alive(query).whereNotNull('memberships.suspended_at'),
  ended: (query) => query.whereRaw(`memberships.valid_until <= ${NOW}`),
}

const state: TableFilter = {
  key: 'state',
  label: 'admin.filter.state',
  options: Object.keys(STATES).map((value) => ({ value, label: `admin.member.state.${value}` })),
  apply: (query, value) => STATES[value]!(query),
}

const role: TableFilter = {
  key: 'role',
  label: 'admin.member.field.role',
  options: TENANT_ROLES.map((value) => ({ value, label: `admin.role.${value}` })),
  apply: (query, value) => query.where('memberships.role', value),
}

export const membersTable: TableDefinition = {
  key: 'core.users',
  caption: 'core.nav.users',
  columns: [
    { key: 'full_name', label: 'admin.member.name', sort: 'users.full_name' },
    { key: 'email', label: 'admin.member.field.email', sort: 'users.email' },
    { key: 'role', label: 'admin.member.field.role', sort: 'memberships.role' },
    { key: 'scope', label: 'admin.member.scope', csv: (row) => row.customer_name },
    {
      key: 'valid_from',
      label: 'admin.member.from',
      type: 'time',
      sort: 'memberships.valid_from',
      hidden: true,
    },
    {
      key: 'valid_until',
      label: 'admin.member.field.validUntil',
      type: 'time',
      sort: 'memberships.valid_until',
    },
    { key: 'state', label: 'admin.filter.state', type: 'state', csv: (row) => stateOf(row) },
  ],
  defaultSort: { key: 'full_name' },
  search: ['users.full_name', 'users.email'],
  filters: [role, state],
  tieBreaker: 'memberships.id',
}
