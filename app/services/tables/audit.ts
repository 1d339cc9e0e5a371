import type { TableDefinition } from '#core/table'
import { installed } from '#services/registry'

type Choice = { value: string; label: string }

/** Every event that the core and the plugins can write. */
const eventNames = installed
  .flatMap(({ name, events = {} }) => Object.keys(events).map((event) => `${name}.${event}`))
  .sort()

/** The audit log as a table. Its only order is time, newest first: that is what the index serves. */
export const auditTable = (actors: Choice[]): TableDefinition => ({
  key: 'core.audit',
  caption: 'core.nav.audit',
  columns: [
    { key: 'occurred_at', label: 'audit.when', type: 'time', sort: 'audit_events.occurred_at' },
    { key: 'name', label: 'audit.event' },
    { key: 'actor_name', label: 'audit.actor' },
    { key: 'subject_type', label: 'audit.subject' },
    { key: 'subject_id', label: 'audit.subject_id', hidden: true },
    { key: 'via', label: 'audit.via' },
    { key: 'what', label: 'audit.what', csv: (row) => JSON.stringify(row.payload) },
  ],
  defaultSort: { key: 'occurred_at', dir: 'desc' },
  search: ['audit_events.payload', 'audit_events.subject_id', 'audit_events.name'],
  filters: [
    {
      key: 'from',
      label: 'audit.from',
      type: 'date',
      apply: (query, value) => query.where('audit_events.occurred_at', '>=', `${value}T00:00:00Z`),
    },
    {
      key: 'until',
      label: 'audit.until',
      type: 'date',
      apply: (query, value) =>
        query.whereRaw(`audit_events.occurred_at < ?::timestamptz + interval '1 day'`, [
          `${value}T00:00:00Z`,
        ]),
    },
    {
      key: 'event',
      label: 'audit.event',
      options: eventNames.map((value) => ({ value, label: value, plain: true })),
      apply: (query, value) => query.where('audit_events.name', value),
    },
    {
      key: 'actor',
      label: 'audit.actor',
      options: actors.map((actor) => ({ ...actor, plain: true })),
      apply: (query, value) => query.where('audit_events.actor_id', value),
    },
    {
      key: 'subject',
      label: 'audit.subject',
      type: 'text',
      apply: (query, value) =>
        query.where((inner) =>
          inner.where('audit_events.subject_id', value).orWhere('audit_events.subject_type', value)
        ),
    },
  ],
  tieBreaker: 'audit_events.id',
})
