import { setTimeout as pause } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import logger from '@adonisjs/core/services/logger'
import { current, type Who } from '#core/current'
import { defineError, E_NOT_FOUND } from '#core/errors'
import type { TrackedEvent } from '#core/events'
import { reactionsTo } from '#core/reactions'
import { systemIn } from '#services/identities'

/** The outbox names an event that the audit log does not hold. */
const E_EVENT_MISSING = defineError('The event is not in the audit log', 'E_EVENT_MISSING', 500)

const BATCH = 20
const MAX_ATTEMPTS = 8
const FIRST_PAUSE_SECONDS = 5
const LOCK_SPACE = 'hi_outbox'

const DUE = 'dead_at is null and next_attempt_at <= now()'
/** Rows of transactions that began before every transaction still open: none can slip in before them. */
const SETTLED = 'xid < pg_snapshot_xmin(pg_current_snapshot())'

interface OutboxRow {
  tenant_id: string
  event_id: string
  attempts: number
}

export interface Delivery {
  delivered: number
  failed: number
}

interface Filter {
  /** Only what happened in this tenant. */
  tenantId?: string
}

const due = (trx: Pick<TransactionClientContract, 'from'>, { tenantId }: Filter) => {
  const query = trx.from('outbox').whereRaw(DUE)
  return tenantId ? query.where('tenant_id', tenantId) : query
}

/**
 * Delivers what is due and settled, once. Any number of processes may do this side by side: a locked
 * row is skipped, and one process at a time serves a tenant, so that its events keep their order.
 */
export async function dispatchOutbox(filter: Filter = {}): Promise<Delivery> {
  const total: Delivery = { delivered: 0, failed: 0 }
  const tenants = await due(db.connection('login'), filter)
    .whereRaw(SETTLED)
    .groupBy('tenant_id')
    .orderByRaw('min(xid::text::numeric)')
    .select('tenant_id')
  for (const { tenant_id: tenantId } of tenants) {
    for (;;) {
      const batch = await deliverBatch(tenantId)
      total.delivered += batch.delivered
      total.failed += batch.failed
      if (batch.delivered + batch.failed < BATCH) break
    }
  }
  return total
}

/** The locks live as long as the transaction: a process that dies lets go of all its rows. */
const deliverBatch = (tenantId: string): Promise<Delivery> =>
  db.connection('login').transaction(async (trx) => {
    const batch: Delivery = { delivered: 0, failed: 0 }
    const { rows } = await trx.rawQuery(
      'select pg_try_advisory_xact_lock(hashtext(?), hashtext(?)) as mine',
      [LOCK_SPACE, tenantId]
    )
    if (!rows[0].mine) return batch
    const waiting: OutboxRow[] = await due(trx, { tenantId })
      .whereRaw(SETTLED)
      .orderByRaw('xid, event_id')
      .limit(BATCH)
      .forUpdate()
      .skipLocked()
      .select('tenant_id', 'event_id', 'attempts')
    for (const row of waiting) {
      if (await deliver(row, trx)) batch.delivered += 1
      else batch.failed += 1
    }
    return batch
  })

async function deliver(row: OutboxRow, trx: TransactionClientContract): Promise<boolean> {
  const key = { tenant_id: row.tenant_id, event_id: row.event_id }
  try {
    await react(row)
    await trx.from('outbox').where(key).delete()
    return true
  } catch (error) {
    const attempts = row.attempts + 1
    const isDead = attempts >= MAX_ATTEMPTS
    logger.error({ err: error, ...key, attempts, isDead }, 'a listener failed')
    const seconds = FIRST_PAUSE_SECONDS * 2 ** row.attempts
    await trx
      .from('outbox')
      .where(key)
      .update({
        attempts,
        last_error: (error instanceof Error ? error.message : String(error)).slice(0, 2_000),
        next_attempt_at: trx.raw(`now() + ? * interval '1 second'`, [seconds]),
        dead_at: isDead ? trx.raw('now()') : null,
      })
    return false
  }
}

/** Calls every listener of the event, each in a transaction of its own in the tenant of the event. */
async function react({ tenant_id: tenantId, event_id: eventId }: OutboxRow) {
  const who = await systemIn(tenantId)
  const event = await current.run(who, () => eventOf(who, eventId))
  const failures: unknown[] = []
  for (const { plugin, handle } of reactionsTo(event.name)) {
    if (who.pluginsOff?.has(plugin)) continue
    try {
      await current.run(who, () => handle(event))
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

async function eventOf({ tenantId }: Who, id: string): Promise<TrackedEvent> {
  const { client } = current.get()
  const row = await client.from('audit_events').where({ tenant_id: tenantId, id }).first()
  if (!row) throw new E_EVENT_MISSING()
  return {
    id,
    tenantId: row.tenant_id,
    actorId: row.actor_id,
    name: row.name,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    occurredAt: row.occurred_at,
    facts: row.payload.facts ?? {},
    ...(row.payload.changes ? { changes: row.payload.changes } : {}),
  }
}

/** How many rows are due, those included that wait for older transactions to end. */
export async function dueCount(filter: Filter = {}): Promise<number> {
  const [{ count }] = await due(db.connection('login'), filter).count('* as count')
  return Number(count)
}

/** Delivers until nothing is due, or until the deadline. For tests and for shutting down calmly. */
export async function drainOutbox(filter: Filter & { deadlineMs?: number } = {}) {
  const until = Date.now() + (filter.deadlineMs ?? 10_000)
  const total: Delivery = { delivered: 0, failed: 0 }
  for (;;) {
    const { delivered, failed } = await dispatchOutbox(filter)
    total.delivered += delivered
    total.failed += failed
    if ((await dueCount(filter)) === 0 || Date.now() > until) return total
    if (delivered + failed === 0) await pause(20)
  }
}

/**
 * Gives a dead event another eight tries, at once, and writes the line that says who did it in the
 * same transaction. Refused when there is no such dead event.
 */
export const reviveEvent = (
  tenantId: string,
  eventId: string,
  note: (trx: TransactionClientContract) => Promise<void>
) =>
  db.connection('login').transaction(async (trx) => {
    const revived = await trx
      .from('outbox')
      .where({ tenant_id: tenantId, event_id: eventId })
      .whereNotNull('dead_at')
      .update({ dead_at: null, attempts: 0, next_attempt_at: trx.raw('now()') })
    if (Number(revived) === 0) throw new E_NOT_FOUND()
    await note(trx)
    await trx.rawQuery('notify hi_outbox')
  })
