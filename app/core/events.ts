import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import { current } from '#core/current'
import { newId } from '#core/ids'
import { onTracked } from '#core/reactions'

/** What something happened to: a record, or its table and id. */
export interface Subject {
  id: string
  constructor?: unknown
  type?: string
}

/** Field → [before, after]. Secrets never belong here. */
export type Changes = Record<string, readonly [before: unknown, after: unknown]>

export interface Leaf {
  id: string
  tenantId: string | null
  occurredAt: Date
  actorId: string | null
  via: string
  name: string
  subjectType: string
  subjectId: string
  requestId: string | null
  payload: { facts: Record<string, unknown>; changes?: Changes }
}

const sha256 = (...parts: (string | Buffer)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** RFC 8785: the same bytes for the same value, whatever the order of keys. */
const canonical = (value: unknown) => canonicalize(JSON.parse(JSON.stringify(value))) ?? 'null'

/**
 * The leaf hash of an event: SHA-256(0x00 ‖ JCS(header) ‖ SHA-256(salt ‖ JCS(payload))). The payload
 * can be erased later and the hash still proves the header (RFC 6962 leaf prefix).
 */
export function leafHash(leaf: Leaf, salt: Buffer) {
  const { payload, ...header } = leaf
  return sha256(Buffer.of(0), canonical(header), sha256(salt, canonical(payload)))
}

/** A new leaf as the columns of an audit table. */
export function leafRow(leaf: Leaf) {
  const salt = randomBytes(16)
  return {
    id: leaf.id,
    occurred_at: leaf.occurredAt,
    actor_id: leaf.actorId,
    via: leaf.via,
    name: leaf.name,
    subject_type: leaf.subjectType,
    subject_id: leaf.subjectId,
    request_id: leaf.requestId,
    payload: JSON.stringify(leaf.payload),
    salt,
    leaf_hash: leafHash(leaf, salt),
  }
}

const typeOf = (subject: Subject) =>
  subject.type ?? (subject.constructor as { table?: string } | undefined)?.table ?? 'record'

/**
 * Writes what happened to the audit log in the transaction of the change, and puts it in the outbox:
 * after the commit it reaches listeners and rules. No change without a leaf, no leaf without a change.
 */
export async function track(
  subject: Subject,
  name: string,
  facts: Record<string, unknown>,
  changes?: Changes
): Promise<string> {
  const [id] = await trackMany(name, [{ subject, facts, changes }])
  return id!
}

/** The same thing happened to one of many. */
export interface Happening {
  subject: Subject
  facts: Record<string, unknown>
  changes?: Changes
}

const ROWS_AT_ONCE = 1000

/** Writes what happened to each of these, as `track` does for one. Gives the ids of the events. */
export async function trackMany(name: string, happenings: readonly Happening[]): Promise<string[]> {
  const { client } = current.get()
  const tenantId = current.tenantId()
  const leaves = happenings.map((happening) => leafOf(name, happening))
  for (let from = 0; from < leaves.length; from += ROWS_AT_ONCE) {
    const part = leaves.slice(from, from + ROWS_AT_ONCE)
    const of = { tenant_id: tenantId }
    await client
      .table('audit_events')
      .multiInsert(part.map((leaf) => ({ ...of, ...leafRow(leaf) })))
    await client.table('outbox').multiInsert(part.map(({ id }) => ({ ...of, event_id: id })))
  }
  if (leaves.length > 0) await client.rawQuery(`notify hi_outbox`)
  return leaves.map(({ id }) => id)
}

function leafOf(name: string, { subject, facts, changes }: Happening): Leaf {
  const { userId, via, requestId } = current.get()
  return {
    id: newId(),
    tenantId: current.tenantId(),
    occurredAt: new Date(),
    actorId: userId,
    via,
    name,
    subjectType: typeOf(subject),
    subjectId: subject.id,
    requestId: requestId ?? null,
    payload: { facts, ...(changes ? { changes } : {}) },
  }
}

/** An event as listeners get it, after its change was committed. */
export interface TrackedEvent {
  id: string
  tenantId: string
  actorId: string | null
  name: string
  subjectType: string
  subjectId: string
  occurredAt: Date
  facts: Record<string, unknown>
  changes?: Changes
}

/**
 * Calls the handler after each such event was committed, as the system, inside the tenant of the
 * event. It may be called again after a crash: handlers are idempotent by `event.id`.
 */
export const on = onTracked

/** What a record is about to change, for `track`. Call it before `save()`. */
export function changesOf(
  record: { $dirty: Record<string, unknown>; $original: Record<string, unknown> },
  hidden: readonly string[] = []
): Changes {
  return Object.fromEntries(
    Object.keys(record.$dirty)
      .filter((key) => !hidden.includes(key) && key !== 'updatedAt')
      .map((key) => [key, [record.$original[key] ?? null, record.$dirty[key]] as const])
  )
}
