import { setImmediate as turn } from 'node:timers/promises'
import type { Time } from '../../src/poll/time.js'

interface Sleeper {
  at: number
  wake: () => void
}

/** Turns of the event loop without anything under way, after which everybody is taken to wait. */
const QUIET_TURNS = 6

/**
 * Time that passes only when everybody waits for it. `isBusy` says whether something real (a
 * request over a socket) is under way.
 */
export class FakeTime implements Time {
  #elapsed = 0
  #sleepers: Sleeper[] = []
  /** Of the clock on the wall, which can be set; the monotonic one goes on. */
  wallAt: number
  readonly #isBusy: () => boolean

  constructor(wallAt: number, isBusy: () => boolean = () => false) {
    this.wallAt = wallAt
    this.#isBusy = isBusy
  }

  clock = () => this.wallAt + this.#elapsed
  monotonic = () => this.#elapsed

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const sleeper = { at: this.#elapsed + ms, wake: resolve }
      this.#sleepers.push(sleeper)
      const end = () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper)
        resolve()
      }
      signal?.addEventListener('abort', end, { once: true })
    })
  }

  /** Lets time pass until it is so. Throws when it is not so after so many virtual milliseconds. */
  async until(isSo: () => boolean, mostMs = 3_600_000): Promise<void> {
    const endAt = this.#elapsed + mostMs
    for (let quiet = 0; !isSo();) {
      await turn()
      quiet = this.#isBusy() ? 0 : quiet + 1
      if (quiet < QUIET_TURNS) continue
      quiet = 0
      if (!this.#passTo(endAt)) throw new Error(`not so after ${mostMs} ms`)
    }
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const endAt = this.#elapsed + ms
    void this.sleep(ms)
    await this.until(() => this.#elapsed >= endAt, ms)
  }

  #passTo(endAt: number): boolean {
    const next = Math.min(...this.#sleepers.map(({ at }) => at))
    if (next > endAt) return false
    this.#elapsed = Math.max(this.#elapsed, next)
    const due = this.#sleepers.filter(({ at }) => at <= this.#elapsed)
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#elapsed)
    for (const { wake } of due) wake()
    return true
  }
}
