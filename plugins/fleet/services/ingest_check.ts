import { type Batch, LIMITS } from '#edge/protocol/messages'
import { checkSample, type Sample } from '#edge/protocol/sample'
import type { KnownMiner } from './ingest_miners.js'

/** A sample that passed, at its corrected time, of a miner that is ours. */
export interface GoodSample {
  miner: KnownMiner
  at: number
  sample: Sample
}

/** A sample that was kept aside. */
export interface BadSample {
  index: number
  field: string
  reason: string
  /** As it came, untrusted. */
  given: unknown
}

export interface Sorted {
  good: GoodSample[]
  bad: BadSample[]
}

/** The keys of a batch whose samples can be looked at at all. */
export const keysIn = ({ samples }: Batch): string[] =>
  samples.flatMap((sample: unknown) => {
    const key = (sample as Sample | null)?.miner
    return typeof key === 'string' ? [key] : []
  })

/**
 * Sorts the samples of a batch: each is checked by itself, so that one bad record does not spoil
 * the rest. Times are those of the collector's clock, corrected by the offset that it measured.
 */
export function sortSamples(
  { samples, offsetMs }: Batch,
  miners: ReadonlyMap<string, KnownMiner | null>,
  now: number
): Sorted {
  const sorted: Sorted = { good: [], bad: [] }
  for (const [index, sample] of samples.entries()) {
    const fault = checkSample(sample)
    if (fault) {
      sorted.bad.push({ index, field: fault.field, reason: fault.reason, given: sample })
      continue
    }
    const at = sample.at + Math.round(offsetMs ?? 0)
    const miner = miners.get(sample.miner)
    const trouble = troubleWith(at, now) ?? (miner ? null : { field: 'miner', reason: 'not_ours' })
    if (trouble) sorted.bad.push({ index, ...trouble, given: sample })
    else sorted.good.push({ miner: miner!, at, sample })
  }
  return sorted
}

/** Why a moment is not taken; null: it is. */
export function troubleWith(at: number, now: number) {
  if (at > now + LIMITS.futureMs) return { field: 'at', reason: 'in_the_future' }
  if (at < now - LIMITS.pastMs) return { field: 'at', reason: 'too_old' }
  return null
}

/** One sample for each miner, in the order of their numbers: rows are always locked in one order. */
export function newestOfEach<T extends GoodSample>(rows: readonly T[]): T[] {
  const newest = new Map<number, T>()
  for (const row of rows) {
    const known = newest.get(row.miner.no)
    if (!known || row.at > known.at) newest.set(row.miner.no, row)
  }
  return [...newest.values()].sort((a, b) => a.miner.no - b.miner.no)
}
