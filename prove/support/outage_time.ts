import { setImmediate as turn } from 'node:timers/promises'
import { systemTime, type Time } from '../../edge-collector/src/poll/time.js'

interface Sleeper {
  at: number
  wake: () => void
  /** Set when time became that of this machine. */
  timer?: NodeJS.Timeout
}

/** Turns of the event loop with nothing under way, after which everybody is taken to wait. */
const QUIET_TURNS = 6

/**
 * Time that first leaps from one wish to wake up to the next, and from a moment on is that of this
 * machine: what an outage lasts costs nothing, and what the portal takes to answer counts in full.
 */
export class OutageTime implements Time {
  readonly #startAt: number
  readonly #isBusy: () => boolean
  #elapsed = 0
  #sleepers: Sleeper[] = []
  /** Of this machine, when its time began to count. */
  #realSince: number | null = null

  /** Begins at this time on the wall; `isBusy`: something real, a request, is under way. */
  constructor(startAt: number, isBusy: () => boolean) {
    this.#startAt = startAt
    this.#isBusy = isBusy
  }

  clock = () => this.#startAt + Math.floor(this.monotonic())

  monotonic = () =>
    this.#elapsed + (this.#realSince === null ? 0 : performance.now() - this.#realSince)

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return
    if (this.#realSince !== null) return systemTime.sleep(ms, signal)
    const { promise, resolve } = Promise.withResolvers<void>()
    const sleeper: Sleeper = { at: this.#elapsed + ms, wake: resolve }
    this.#sleepers.push(sleeper)
    const end = () => resolve()
    signal?.addEventListener('abort', end)
    await promise
    signal?.removeEventListener('abort', end)
    clearTimeout(sleeper.timer)
    this.#sleepers = this.#sleepers.filter((one) => one !== sleeper)
  }

  /** Leaps on, never past now, until it is so; then time is that of this machine. */
  async leap(isOver: () => boolean): Promise<void> {
    for (let quiet = 0; !isOver();) {
      await turn()
      quiet = this.#isBusy() ? 0 : quiet + 1
      if (quiet < QUIET_TURNS) continue
      quiet = 0
      const next = Math.min(...this.#sleepers.map(({ at }) => at))
      if (!Number.isFinite(next)) throw new Error('nobody waits for time to pass')
      this.#elapsed = Math.max(this.#elapsed, Math.min(next, Date.now() - this.#startAt))
      this.#wakeDue()
    }
    this.#realSince = performance.now()
    for (const sleeper of this.#sleepers) {
      sleeper.timer = setTimeout(sleeper.wake, sleeper.at - this.#elapsed)
    }
  }

  #wakeDue(): void {
    const due = this.#sleepers.filter(({ at }) => at <= this.#elapsed)
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#elapsed)
    for (const { wake } of due) wake()
  }
}
