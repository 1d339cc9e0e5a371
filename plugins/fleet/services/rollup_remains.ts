import { textArray } from '#core/bulk'
import { current } from '#core/current'
import { BUCKET_MS } from '../domain/bucket.js'
import { mayBeDropped, partitionAt } from './partitions.js'

/** What is left of the samples that five minutes are made of. */
export type Remains = 'whole' | 'edge_gone' | 'gone' | { lateSince: string }

interface Part {
  is_there: boolean
  late_since: string | null
}

const LAYER = 'fleet_telemetry_raw'

/** Tells it for each of these five minutes; samples around their edges count too. */
export async function remainsOf(
  buckets: readonly number[],
  edgeMs: number
): Promise<Map<number, Remains>> {
  const edgesOf = (bucket: number) =>
    [bucket - edgeMs, bucket + BUCKET_MS + edgeMs].filter((time) => mayBeDropped(LAYER, time))
  const names = buckets.flatMap((bucket) => [bucket, ...edgesOf(bucket)].map(nameAt))
  const { rows } = await current.get().client.rawQuery(
    `select name, to_regclass('public.' || name) is not null as is_there,
       obj_description(to_regclass('public.' || name), 'pg_class') as late_since
     from unnest(?::text[]) as name`,
    [textArray([...new Set(names)])]
  )
  const parts = new Map<string, Part>(rows.map((row: Part & { name: string }) => [row.name, row]))
  const partAt = (time: number) => parts.get(nameAt(time))!
  return new Map(
    buckets.map((bucket) => [bucket, judged(partAt(bucket), edgesOf(bucket).map(partAt))])
  )
}

const nameAt = (time: number) => partitionAt(LAYER, new Date(time))

function judged(own: Part, edges: readonly Part[]): Remains {
  if (!own.is_there) return 'gone'
  if (own.late_since) return { lateSince: own.late_since }
  return edges.every((part) => part.is_there && !part.late_since) ? 'whole' : 'edge_gone'
}
