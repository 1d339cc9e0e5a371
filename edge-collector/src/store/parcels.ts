import { gunzipSync, gzipSync } from 'node:zlib'
import type { Sample } from '../../protocol/sample.js'

/** Samples as they are stored: the JSON of a list, compressed. */
export const packSamples = (samples: readonly Sample[]): Buffer =>
  gzipSync(JSON.stringify(samples), { level: 1 })

export const unpackSamples = (gz: Uint8Array): Sample[] =>
  JSON.parse(gunzipSync(gz).toString('utf8')) as Sample[]

export const BUCKET_MS = 300_000

/**
 * Of each miner the last sample of every five minutes, oldest first, from samples that come newest
 * first. The newest detail of those five minutes goes with it: the portal keeps boards and pools by
 * five minutes as well.
 */
export class Thinner {
  readonly #kept = new Map<string, Sample>()
  seen = 0

  add(newestFirst: Iterable<Sample>): void {
    for (const sample of newestFirst) {
      this.seen++
      const place = `${sample.miner} ${Math.floor(sample.at / BUCKET_MS)}`
      const known = this.#kept.get(place)
      if (!known) this.#kept.set(place, sample)
      else if (!known.detail && sample.detail) {
        this.#kept.set(place, { ...known, detail: sample.detail })
      }
    }
  }

  kept(): Sample[] {
    return [...this.#kept.values()].toReversed()
  }
}
