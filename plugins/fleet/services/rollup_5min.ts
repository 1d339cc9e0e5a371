import { current } from '#core/current'
import { aggregateBucket, type RawSample } from '../domain/aggregate_bucket.js'
import { BUCKET_MS, BUCKET_S, maxGapS } from '../domain/bucket.js'
import { ensurePartitions } from './partitions.js'
import { markDay } from './rollup_days.js'
import { type Due, neighboursOf, settle, takeDue } from './rollup_due.js'
import { addLastSaid } from './rollup_edges.js'
import { writeGroups } from './rollup_groups.js'
import { changedRows, writeLate } from './rollup_merge.js'
import { type Remains, remainsOf } from './rollup_remains.js'
import { type MinerBucket, readRaw, sampleOfRow, writeBuckets } from './rollup_rows.js'

/**
 * Rolls up five minutes of one collector that are due: touched by a batch since they were rolled up
 * last, and over for long enough that the sample after them is in. Gives how many it did. Where the
 * samples are all there the row is made anew; where they were dropped and some came late, those are
 * merged into what was rolled up before, which is never lost. Runs inside a tenant; several may run
 * at once.
 */
export async function rollUpNext(now: Date): Promise<number> {
  const due = await takeDue(now)
  if (!due) return 0
  const gapS = maxGapS(due.pollSeconds)
  const beside = await neighboursOf(due, Math.ceil(gapS / BUCKET_S))
  const buckets = [...due.buckets, ...beside].sort((a, b) => a - b)
  const raw = await samplesOf(due, buckets, gapS)
  const remains = await remainsOf(buckets, gapS * 1000)
  await ensurePartitions(
    'fleet_telemetry_5min',
    buckets.map((bucket) => new Date(bucket))
  )
  await lockSite(due.siteId)
  for (const bucket of buckets) {
    const isOwn = due.buckets.includes(bucket)
    const rows = rowsOf(isOwn ? raw : touchedBy(raw, due), bucket, gapS)
    const isWritten = await write(new Date(bucket), rows, { isOwn, remains: remains.get(bucket)! })
    if (!isWritten) continue
    await writeGroups(due.siteId, new Date(bucket))
    await markDay(due.siteId, new Date(bucket))
  }
  await settle(due)
  return due.buckets.length
}

/** Samples by miner, of all these five minutes and of the edges around them. */
async function samplesOf(due: Due, buckets: readonly number[], gapS: number) {
  const from = buckets[0]! - gapS * 1000
  const to = buckets.at(-1)! + BUCKET_MS + gapS * 1000
  const rows = await readRaw(due.collectorId, new Date(from), new Date(to))
  const raw = new Map([...rows].map(([no, list]) => [no, list.map(sampleOfRow)]))
  await addLastSaid(raw, from)
  return raw
}

type Samples = ReadonlyMap<number, RawSample[]>

/** Only miners that have samples in what is due can change what lies beside it. */
function touchedBy(raw: Samples, { buckets }: Due): Samples {
  const [from, to] = [buckets[0]! / 1000, buckets.at(-1)! / 1000 + BUCKET_S]
  return new Map([...raw].filter(([, samples]) => samples.some(({ t }) => t >= from && t < to)))
}

function rowsOf(raw: Samples, bucket: number, gapS: number): MinerBucket[] {
  const span = [bucket / 1000, bucket / 1000 + BUCKET_S] as const
  return [...raw]
    .map(([minerNo, samples]) => ({ minerNo, ...aggregateBucket(samples, span, gapS) }))
    .filter(({ samples, secondsCovered }) => samples > 0 || secondsCovered > 0)
}

interface How {
  isOwn: boolean
  remains: Remains
}

/** Whether anything was there to write. What is gone altogether leaves the rows as they are. */
async function write(bucket: Date, rows: readonly MinerBucket[], { isOwn, remains }: How) {
  if (remains === 'gone' || rows.length === 0) return false
  if (typeof remains === 'object') {
    await writeLate(bucket, rows, remains.lateSince)
    return true
  }
  const changed = isOwn ? rows : await changedRows(bucket, rows)
  await writeBuckets(bucket, changed, remains === 'whole')
  return changed.length > 0
}

/** Two collectors of a site write the same sums: the second one waits, and then sees the first one's rows. */
const lockSite = (siteId: string) =>
  current
    .get()
    .client.rawQuery('select id from sites where tenant_id = ? and id = ? for no key update', [
      current.tenantId(),
      siteId,
    ])
