import type { Time } from '../poll/time.js'

const SLOW_MS = 5000
const LONGEST_PAUSE_MS = 2000
const FIRST_PAUSE_MS = 50

/** How far behind the newest data is, and how long the past has to wait for that. */
export class LiveLag {
  readonly #time: Time
  #pauseMs = 0
  /** Of the last live batch, from its making to its acknowledgement; null before the first. */
  lagMs: number | null = null

  constructor(time: Time) {
    this.#time = time
  }

  get pauseMs(): number {
    return this.#pauseMs
  }

  sent(createdAt: number): void {
    this.lagMs = this.#time.clock() - createdAt
    const next =
      this.lagMs > SLOW_MS ? Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2) : this.#pauseMs / 2
    this.#pauseMs = next < FIRST_PAUSE_MS ? 0 : Math.min(next, LONGEST_PAUSE_MS)
  }
}
