import { textArray } from '#core/bulk'
import { current } from '#core/current'
import { BUCKET_MS } from '../domain/bucket.js'

/** Five minutes in a row of one collector that are to be rolled up. */
export interface Due {
  collectorId: string
  siteId: string
  pollSeconds: number
  /** Their beginnings, in order; milliseconds since 1970. */
  buckets: readonly number[]
  /** When each was marked last, as the database writes it. */
  marks: readonly string[]
}

/** Read together, so that what lies between them is read once; few, so that ingest waits briefly. */
const MOST_AT_ONCE = 6
/** Of miners and five minutes together: their samples must fit into memory. */
const MOST_ROWS = 10_000

const atOnce = (miners: number) =>
  Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(MOST_ROWS / Math.max(1, miners))))

interface DueRow {
  bucket: Date
  marked_at: string
}

/**
 * The oldest that nobody else works on, and those right after it. The sample after the end must
 * have had time to come in: it covers the seconds before it.
 */
export async function takeDue(now: Date): Promise<Due | undefined> {
  const { client } = current.get()
  const tenantId = current.tenantId()
  const { rows } = await client.rawQuery(
    `select d.bucket, d.collector_id, d.marked_at::text, c.site_id, c.poll_seconds,
       (select count(*)::integer from fleet_miners m
        where m.tenant_id = d.tenant_id and m.collector_id = d.collector_id) as miners
     from fleet_rollup_due d
     join fleet_collectors c on c.tenant_id = d.tenant_id and c.id = d.collector_id
     where d.tenant_id = ? and d.bucket <= ?::timestamptz - make_interval(secs => 330 + 2 * c.poll_seconds)
     order by d.bucket, d.collector_id limit 1 for update of d skip locked`,
    [tenantId, now]
  )
  const first = rows[0]
  if (!first) return undefined
  const { collector_id: collectorId, site_id: siteId, poll_seconds: pollSeconds } = first
  const from = first.bucket.getTime()
  const over = now.getTime() - (330 + 2 * pollSeconds) * 1000
  const until = Math.min(over, from + (atOnce(first.miners) - 1) * BUCKET_MS)
  const { rows: more } = await client.rawQuery(
    `select bucket, marked_at::text from fleet_rollup_due
     where tenant_id = ? and collector_id = ? and bucket > ? and bucket <= ?
     order by bucket for update skip locked`,
    [tenantId, collectorId, first.bucket, new Date(until)]
  )
  const row: DueRow[] = [first]
  for (const next of more as DueRow[]) {
    if (next.bucket.getTime() !== row.at(-1)!.bucket.getTime() + BUCKET_MS) break
    row.push(next)
  }
  return {
    collectorId,
    siteId,
    pollSeconds,
    buckets: row.map(({ bucket }) => bucket.getTime()),
    marks: row.map(({ marked_at: markedAt }) => markedAt),
  }
}

/** Done, unless a batch marked one again in between. */
export const settle = ({ collectorId, buckets, marks }: Due) =>
  current.get().client.rawQuery(
    `delete from fleet_rollup_due d using unnest(?::timestamptz[], ?::timestamptz[]) as t (bucket, marked_at)
     where d.tenant_id = ? and d.collector_id = ? and d.bucket = t.bucket and d.marked_at = t.marked_at`,
    [times(buckets), textArray(marks), current.tenantId(), collectorId]
  )

/**
 * The five minutes around, so many on each side, that what came in may touch by its edges: a first
 * sample covers the end of those before, a last one the beginning of those after. Those that are due
 * themselves have their turn.
 */
export async function neighboursOf({ collectorId, buckets }: Due, count: number) {
  const [first, last] = [buckets[0]!, buckets.at(-1)!]
  const steps = Array.from({ length: count }, (_, index) => (index + 1) * BUCKET_MS)
  const around = [...steps.map((step) => first - step), ...steps.map((step) => last + step)]
  const { rows } = await current.get().client.rawQuery(
    `select bucket from fleet_rollup_due
     where tenant_id = ? and collector_id = ? and bucket = any(?::timestamptz[])`,
    [current.tenantId(), collectorId, times(around)]
  )
  const due = new Set((rows as DueRow[]).map(({ bucket }) => bucket.getTime()))
  return around.filter((bucket) => !due.has(bucket)).sort((a, b) => a - b)
}

const times = (list: readonly number[]) =>
  textArray(list.map((time) => new Date(time).toISOString()))
