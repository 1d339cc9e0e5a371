import { current } from '#core/current'
import type { Row } from '#core/table'
import type Miner from '../models/miner.js'
import { changesOf } from './import_view.js'
import type { Words } from './page_words.js'

const MOST = 40

interface Line {
  at: Date
  who: string | null
  name: string
  other: number | null
  /** What was done by hand, and what somebody wrote to it. */
  work: string | null
  note: string | null
  changes: { field: string; before: string; after: string }[]
}

/** What befell a miner: moves, status, notes, lists; newest first. */
export async function passportOf(miner: Miner, words: Words): Promise<Line[]> {
  const lines = [...(await auditOf(miner, words)), ...(await listsOf(miner, words))]
  return lines.sort((a, b) => b.at.getTime() - a.at.getTime()).slice(0, MOST)
}

/** A list is one event for all of its miners; what it did to this one stands in its row. */
async function listsOf(miner: Miner, words: Words): Promise<Line[]> {
  const rows: Row[] = await current
    .get()
    .client.from('fleet_import_rows as r')
    .join('fleet_imports as i', (join) =>
      join.on('i.tenant_id', 'r.tenant_id').on('i.id', 'r.import_id')
    )
    .where({ 'r.tenant_id': current.tenantId(), 'r.miner_id': miner.id, 'i.state': 'applied' })
    .whereIn('r.outcome', ['new', 'changed'])
    .leftJoin('users', 'users.id', 'i.created_by')
    .orderBy('i.applied_at', 'desc')
    .limit(MOST)
    .select('i.applied_at', 'r.changes')
    .select({ who: 'users.full_name' })
  return rows.map(({ applied_at: at, who, changes }) => ({
    at,
    who,
    name: 'fleet.list.imported',
    other: null,
    work: null,
    note: null,
    changes: changesOf({ changes }, words),
  }))
}

async function auditOf(miner: Miner, words: Words): Promise<Line[]> {
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
    work: payload?.facts?.work ?? null,
    note: payload?.facts?.note || null,
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
