import { current } from '#core/current'
import type { Row } from '#core/table'
import type Miner from '../models/miner.js'
import type { Words } from './page_words.js'

const MOST = 40

interface Line {
  at: Date
  who: string | null
  name: string
  other: number | null
  changes: { field: string; before: string; after: string }[]
}

/** What befell a miner, from the audit log: moves, status, notes, newest first. */
export async function passportOf(miner: Miner, words: Words): Promise<Line[]> {
  const rows: Row[] = await current
    .get()
    .client.from('audit_events as e')
    .where('e.tenant_id', current.tenantId())
    .where({ 'e.subject_type': 'fleet_miners', 'e.subject_id': miner.id })
    .leftJoin('users', 'users.id', 'e.actor_id')
    .orderBy('e.occurred_at', 'desc')
    .limit(MOST)
    .select('e.occurred_at', 'e.name', 'e.payload')
    .select({ who: 'users.full_name' })
  return rows.map(({ occurred_at: at, who, name, payload }) => ({
    at,
    who,
    name,
    other: payload?.facts?.other ?? null,
    changes: changesIn(payload, words),
  }))
}

function changesIn(payload: Row, words: Words) {
  const changes = (payload?.changes ?? {}) as Record<string, [unknown, unknown]>
  return Object.entries(changes).map(([field, [before, after]]) => ({
    field: words.code(`fleet.field.${field}`),
    before: say(field, before, words),
    after: say(field, after, words),
  }))
}

function say(field: string, value: unknown, words: Words) {
  if (value === null || value === undefined || value === '') return '—'
  return field === 'status' ? words.code(`fleet.status.${String(value)}`) : String(value)
}
