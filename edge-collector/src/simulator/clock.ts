/** The time at the simulated site: it may run faster than here, and jump ahead. Never back. */
export class VirtualClock {
  readonly #speed: number
  readonly #real: () => number
  readonly #startedAt: number
  readonly #realStart: number
  #jumped = 0

  /**
   * @param startAt Unix milliseconds at which the site begins.
   * @param speed seconds there for a second here.
   * @param real the clock here, for tests.
   * @param realStart when it was `startAt` there by the clock here; now, unless it goes on.
   */
  constructor(startAt: number, speed = 1, real: () => number = Date.now, realStart = real()) {
    if (!(speed >= 0)) throw new RangeError('speed must not be negative')
    this.#startedAt = startAt
    this.#speed = speed
    this.#real = real
    this.#realStart = realStart
  }

  /** Unix milliseconds, whole. */
  now(): number {
    const passed = Math.max(0, this.#real() - this.#realStart)
    return Math.floor(this.#startedAt + this.#jumped + passed * this.#speed)
  }

  get startedAt(): number {
    return this.#startedAt
  }

  advance(seconds: number): void {
    if (!(seconds >= 0)) throw new RangeError('time does not run back')
    this.#jumped += seconds * 1000
  }
}
