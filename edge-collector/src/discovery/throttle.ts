/** So many a second, and no more than a tenth of that at once. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #most: number
  #tokens: number
  #at: number | null = null

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#most = Math.max(1, perSecond / 10)
    this.#tokens = this.#most
  }

  /** Takes one; gives how long to wait before it may be used. Time is monotonic. */
  take(now: number): number {
    const gained = ((now - (this.#at ?? now)) * this.#perSecond) / 1000
    this.#tokens = Math.min(this.#most, this.#tokens + gained) - 1
    this.#at = now
    return this.#tokens >= 0 ? 0 : (-this.#tokens * 1000) / this.#perSecond
  }
}

const LATE_MS = 100
const PUNCTUAL_MS = 20
const LEAST = 50

/**
 * How many connections at once. When this process itself is late, miners that answer look silent:
 * then fewer at once find more.
 */
export class Concurrency {
  readonly #most: number
  #limit: number

  constructor(most: number) {
    this.#most = most
    this.#limit = most
  }

  get limit(): number {
    return Math.floor(this.#limit)
  }

  /** How late a timer fired. */
  observe(lagMs: number): void {
    if (lagMs > LATE_MS) this.#limit = Math.max(Math.min(LEAST, this.#most), this.#limit / 2)
    else if (lagMs < PUNCTUAL_MS) this.#limit = Math.min(this.#most, this.#limit * 1.1)
  }
}

/** At most so many at a time, first come first served. */
export class Turnstile {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(places: number) {
    this.#free = places
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}
