import vine from '@vinejs/vine'
import { current } from '#core/current'
import { BadInput } from '#core/errors'
import { bucketOf } from '../domain/bucket.js'
import { readRetention } from './kept_for.js'
import type { Span } from './history.js'

const HOUR_MS = 3_600_000

const moment = () => vine.date({ formats: { utc: true } })
const asked = vine.create({ from: moment(), to: moment().optional() })

/** The span that somebody wrote; until now unless they say. */
export async function spanOf(given: { from: string; to?: string }, now: Date): Promise<Span> {
  const { from, to = now } = await asked.validate(given)
  if (from >= to) throw new BadInput([{ field: 'from', key: 'fleet_history.from_after_to' }])
  return { from, to }
}

/**
 * Marks the five minutes of a span due again, of all collectors that the actor sees, as far back as
 * every sample is kept. Gives how many it marked.
 */
export async function markSpan({ from, to }: Span, now: Date): Promise<number> {
  const { rawHours } = await readRetention()
  const first = Math.max(from.getTime(), now.getTime() - rawHours * HOUR_MS)
  const { rowCount } = await current.get().client.rawQuery(
    `insert into fleet_rollup_due (tenant_id, bucket, collector_id)
     select c.tenant_id, bucket, c.id from fleet_collectors c,
       generate_series(?::timestamptz, ?::timestamptz - interval '1 second', interval '5 minutes') as bucket
     where c.tenant_id = ?
     on conflict (tenant_id, bucket, collector_id) do update set marked_at = now()`,
    [new Date(bucketOf(first)), to, current.tenantId()]
  )
  return rowCount ?? 0
}

/** How many five minutes and days wait to be rolled up. */
export async function countDue(): Promise<{ buckets: number; days: number }> {
  const { rows } = await current.get().client.rawQuery(
    `select (select count(*)::integer from fleet_rollup_due where tenant_id = ?) as buckets,
       (select count(*)::integer from fleet_days_due where tenant_id = ?) as days`,
    [current.tenantId(), current.tenantId()]
  )
  return rows[0]
}

/** A transaction of its own, as the same actor: what it writes stays, and it ends soon. */
export function apart<T>(work: () => Promise<T>): Promise<T> {
  const { client: _client, afterCommit: _tasks, abandoned: _state, ...who } = current.get()
  return current.run(who, work)
}

/** Works in transactions apart until one of them finds nothing to do. Gives the sum. */
export async function untilDone(work: () => Promise<number>): Promise<number> {
  let sum = 0
  for (;;) {
    const count = await apart(work)
    if (count === 0) return sum
    sum += count
  }
}
