import { gunzipSync, gzipSync } from 'node:zlib'
import type { MeterSample } from '../../protocol/meters.js'
import type { Sample } from '../../protocol/sample.js'

/** What a batch holds: samples of miners or of meters, under the name that they have in the message. */
export const KINDS = ['samples', 'meters'] as const
export type Kind = (typeof KINDS)[number]
export type Stored = Sample | MeterSample

export const kindOf = (one: Stored): Kind => ('meter' in one ? 'meters' : 'samples')
const keyOf = (one: Stored) => ('meter' in one ? one.meter : one.miner)

/** Samples as they are stored: the JSON of a list, compressed. */
export const packSamples = (samples: readonly Stored[]): Buffer =>
  gzipSync(JSON.stringify(samples), { level: 1 })

export const unpackSamples = (gz: Uint8Array): Stored[] =>
  JSON.parse(gunzipSync(gz).toString('utf8')) as Stored[]

export const BUCKET_MS = 300_000

/**
 * Of each miner or meter the last sample of every five minutes, oldest first, from samples that come newest
 * first. The newest detail of those five minutes goes with it: the portal keeps boards and pools by
 * five minutes as well.
 */
export class Thinner {
  readonly #kept = new Map<string, Stored>()
  seen = 0

  add(newestFirst: Iterable<Stored>): void {
    for (const sample of newestFirst) {
      this.seen++
      const place = `${keyOf(sample)} ${Math.floor(sample.at / BUCKET_MS)}`
      const known = this.#kept.get(place)
      if (!known) this.#kept.set(place, sample)
      else if ('miner' in known && 'miner' in sample && !known.detail && sample.detail) {
        this.#kept.set(place, { ...known, detail: sample.detail })
      }
    }
  }

  kept(): Stored[] {
    return [...this.#kept.values()].toReversed()
  }
}
