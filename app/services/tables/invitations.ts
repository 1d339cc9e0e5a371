import type { Query, Row, TableDefinition } from '#core/table'
import { TENANT_ROLES } from '#core/roles'
import { rowsOf } from './shared.js'

const STATES: Record<string, (query: Query) => unknown> = {
  pending: (query) =>
    query.whereNull('accepted_at').whereNull('revoked_at').whereRaw('expires_at > now()'),
  expired: (query) =>
    query.whereNull('accepted_at').whereNull('revoked_at').whereRaw('expires_at <= now()'),
  accepted: (query) => query.whereNotNull('accepted_at'),
  revoked: (query) => query.whereNotNull('revoked_at'),
}

/** What became of an invitation. */
export function invitationState(row: Row): string {
  if (row.accepted_at) return 'accepted'
  if (row.revoked_at) return 'revoked'
  return new Date(row.expires_at) <= new Date() ? 'expired' : 'pending'
}

export const invitationsTable: TableDefinition = {
  key: 'core.invitations',
  caption: 'admin.invitation.title',
  columns: [
    { key: 'email', label: 'admin.member.field.email', sort: 'email' },
    { key: 'role', label: 'admin.member.field.role', sort: 'role' },
    { key: 'created_at', label: 'admin.invitation.invited', type: 'time', sort: 'created_at' },
    { key: 'expires_at', label: 'admin.invitation.expires', type: 'time', sort: 'expires_at' },
    { key: 'state', label: 'admin.filter.state', type: 'state', csv: invitationState },
  ],
  defaultSort: { key: 'created_at', dir: 'desc' },
  search: ['email'],
  filters: [
    {
      key: 'state',
      label: 'admin.filter.state',
      options: Object.keys(STATES).map((value) => ({
        value,
        label: `admin.invitation.state.${value}`,
      })),
      apply: (query, value) => STATES[value]!(query),
    },
    {
      key: 'role',
      label: 'admin.member.field.role',
      options: TENANT_ROLES.map((value) => ({ value, label: `admin.role.${value}` })),
      apply: (query, value) => query.where('role', value),
    },
  ],
  tieBreaker: 'id',
}

export const invitationRows = () =>
  rowsOf('invitations').select(
    'id',
    'email',
    'role',
    'created_at',
    'expires_at',
    'accepted_at',
    'revoked_at'
  )
