import { current } from '#core/current'
import { asInstallation } from '#core/installation'

const HOUR_MS = 3_600_000

/** Layers in partitions, and how long each partition is; the function in the database says the same. */
export const LAYER_SPANS_MS = {
  fleet_telemetry_raw: 3 * HOUR_MS,
  fleet_telemetry_5min: 168 * HOUR_MS,
  fleet_boards_5min: 168 * HOUR_MS,
  fleet_meter_raw: 3 * HOUR_MS,
  fleet_meter_5min: 672 * HOUR_MS,
} as const
export type Layer = keyof typeof LAYER_SPANS_MS

/** A Monday; the bounds of all partitions are counted from it. */
const ORIGIN_MS = Date.UTC(2024, 0, 1)

/** A partition that ended later than this ago is never dropped: the database refuses. */
const SAFE_MS = 12 * HOUR_MS

/** Whoever writes late shares it until they commit; whoever drops waits for it. */
export const lateLock = (layer: Layer) => `${layer} late`

/** When the partition that a moment lies in begins; milliseconds since 1970. */
const startOf = (layer: Layer, at: number) => {
  const span = LAYER_SPANS_MS[layer]
  return ORIGIN_MS + Math.floor((at - ORIGIN_MS) / span) * span
}

/** The table of the partition that a moment lies in, whether it is there or not. */
export const partitionAt = (layer: Layer, at: Date) =>
  `${layer}_${new Date(startOf(layer, at.getTime())).toISOString().replaceAll(/\D/g, '').slice(0, 10)}`

/** Whether somebody may have dropped the partition that a moment lies in. */
export const mayBeDropped = (layer: Layer, at: number) =>
  startOf(layer, at) + LAYER_SPANS_MS[layer] <= Date.now() - SAFE_MS

/** Partitions that this process has seen. */
const seen = new Set<string>()

/**
 * Makes the partitions that these moments lie in, where they are missing. Old ones are asked for
 * each time, since another process may drop them; they then stay until the transaction of the
 * current actor ends, so that what it writes is there when it marks it due.
 */
export async function ensurePartitions(layer: Layer, times: readonly Date[]) {
  const starts = [...new Set(times.map((at) => startOf(layer, at.getTime())))].sort((a, b) => a - b)
  const isOld = (start: number) => mayBeDropped(layer, start)
  const missing = starts.filter((start) => isOld(start) || !seen.has(`${layer}:${start}`))
  if (missing.some(isOld)) await holdLate(layer)
  for (const start of missing) {
    await asInstallation((trx) =>
      trx.rawQuery('select fleet_keep_partition(?, ?)', [layer, new Date(start)])
    )
    if (!isOld(start)) seen.add(`${layer}:${start}`)
  }
}

const holdLate = async (layer: Layer) =>
  current
    .peek()
    ?.client.rawQuery('select pg_advisory_xact_lock_shared(hashtext(?))', [lateLock(layer)])
