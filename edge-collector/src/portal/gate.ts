import { Bell, type Time } from '../poll/time.js'
import { Backoff } from './backoff.js'

export interface GateOptions {
  time: Time
  random?: () => number
  firstMs?: number
  longestMs?: number
}

/**
 * Whether data may be sent now. After a failure everybody waits together, longer each time; when
 * the portal refuses this collector nothing is sent until a heartbeat is answered well.
 */
export class Gate {
  readonly #time: Time
  readonly #backoff: Backoff
  readonly #bell = new Bell()
  #closedUntil = 0
  /** Why the portal is not reached or does not want us; null while all is well. */
  trouble: string | null = null
  /** No answer came at all. */
  #isSilent = false
  /** The portal said that this collector does not belong to it (any more). */
  isRefused = false

  constructor({ time, random = Math.random, firstMs = 1000, longestMs = 60_000 }: GateOptions) {
    this.#time = time
    this.#backoff = new Backoff({ firstMs, longestMs, random })
  }

  /** Until sending makes sense, or the signal ends it. */
  async opened(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = this.isRefused ? 60_000 : this.#closedUntil - this.#time.monotonic()
      if (waitMs <= 0) return
      await this.#bell.wait(this.#time, waitMs, signal)
    }
  }

  /** Data was taken. */
  succeeded(): void {
    this.#backoff.reset()
    this.#open()
  }

  /** A heartbeat was answered: reason to try again, unless the portal asked for time. */
  reached(): void {
    if (this.isRefused || this.#isSilent) this.#open()
  }

  /** The portal says how long to wait, or the back-off does. */
  failed(reason: string, retryAfterMs: number | null = null): void {
    this.trouble = reason
    this.#isSilent = false
    const waitMs = Math.max(this.#backoff.next(), retryAfterMs ?? 0)
    this.#closedUntil = Math.max(this.#closedUntil, this.#time.monotonic() + waitMs)
  }

  /** Data got no answer. */
  unreachable(reason: string): void {
    this.failed(reason)
    this.#isSilent = true
  }

  /** A heartbeat got no answer: data is tried with care. */
  silent(reason: string): void {
    if (this.trouble !== null) return
    this.trouble = reason
    this.#isSilent = true
  }

  refused(reason: string): void {
    this.trouble = reason
    this.isRefused = true
  }

  #open(): void {
    this.trouble = null
    this.isRefused = false
    this.#isSilent = false
    this.#closedUntil = 0
    this.#bell.ring()
  }
}
