import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import type { Row } from '#core/table'
import { rowsOf } from '#services/tables/shared'

/** Events with the names of who did them. Whoever is no member any more has no name here. */
export const auditRows = () =>
  rowsOf('audit_events')
    .leftJoin('users', 'users.id', 'audit_events.actor_id')
    .select(
      'audit_events.id',
      'audit_events.occurred_at',
      'audit_events.actor_id',
      'audit_events.via',
      'audit_events.name',
      'audit_events.subject_type',
      'audit_events.subject_id',
      'audit_events.payload'
    )
    .select({ actor_name: 'users.full_name' })

/** One event with what proves it. */
export async function auditEvent(id: unknown): Promise<Row> {
  if (!isId(id)) throw new E_NOT_FOUND()
  const row = await auditRows()
    .select('audit_events.request_id', 'audit_events.leaf_hash')
    .where('audit_events.id', id)
    .first()
  if (!row) throw new E_NOT_FOUND()
  return row
}

/** The newest events about one thing. */
export const eventsAbout = (type: string, id: string, limit = 10): Promise<Row[]> =>
  auditRows()
    .where({ subject_type: type, subject_id: id })
    .orderBy('occurred_at', 'desc')
    .limit(limit) as unknown as Promise<Row[]>

/** The newest events of the tenant. */
export const recentEvents = (limit = 8): Promise<Row[]> =>
  auditRows().orderBy('occurred_at', 'desc').limit(limit) as unknown as Promise<Row[]>

/** Who did something here and is still a member, for the filter. */
export async function actors(): Promise<{ value: string; label: string }[]> {
  const { client } = current.get()
  const rows = await client
    .from('memberships')
    .join('users', 'users.id', 'memberships.user_id')
    .where('memberships.tenant_id', current.tenantId())
    .orderBy('users.full_name')
    .select('users.id', 'users.full_name')
  return rows.map((row) => ({ value: row.id, label: row.full_name }))
}

/** What changed, one line a field, as text that a person can compare. */
export function diffOf(payload: Row): { field: string; before: string; after: string }[] {
  return Object.entries((payload?.changes ?? {}) as Record<string, [unknown, unknown]>).map(
    ([field, [before, after]]) => ({ field, before: say(before), after: say(after) })
  )
}

const say = (value: unknown) => {
  if (value === null || value === undefined || value === '') return '—'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The facts of an event, one line each. */
export const factsOf = (payload: Row) =>
  Object.entries((payload?.facts ?? {}) as Record<string, unknown>).map(([key, value]) => ({
    key,
    value: say(value),
  }))
