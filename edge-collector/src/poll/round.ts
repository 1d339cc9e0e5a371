/** How long it takes until every miner was asked once: longer than the interval is too slow. */
export class Round {
  #startedAt: number | null = null
  #asked = new Set<string>()
  /** Of the last whole round; null before the first. */
  roundMs: number | null = null

  /** A miner was asked; time is monotonic. */
  polled(miner: string, now: number, all: ReadonlyMap<string, unknown>): void {
    this.#startedAt ??= now
    this.#asked.add(miner)
    if (this.#asked.size < all.size) return
    for (const key of all.keys()) if (!this.#asked.has(key)) return
    this.roundMs = Math.round(now - this.#startedAt)
    this.#startedAt = null
    this.#asked.clear()
  }
}
