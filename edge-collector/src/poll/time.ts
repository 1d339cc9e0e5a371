import { setTimeout as delay } from 'node:timers/promises'

/** Time as it is passed in, so that tests need not wait for it. */
export interface Time {
  /** Milliseconds since 1970; may jump. */
  clock(): number
  /** Milliseconds that only go forward. */
  monotonic(): number
  /** Ends early, without an error, when the signal says so. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemTime: Time = {
  clock: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, { signal })
    } catch (error) {
      if (!signal?.aborted) throw error
    }
  },
}

/** Wakes everybody who waits for news. */
export class Bell {
  #heard = Promise.withResolvers<void>()

  ring(): void {
    this.#heard.resolve()
    this.#heard = Promise.withResolvers<void>()
  }

  /** Until it rings, or the time is over, or the signal says so. */
  async wait(time: Time, ms: number, signal: AbortSignal): Promise<void> {
    const done = new AbortController()
    try {
      await Promise.race([
        this.#heard.promise,
        time.sleep(ms, AbortSignal.any([signal, done.signal])),
      ])
    } finally {
      done.abort()
    }
  }
}

/** What happened, for the journal of the machine and the status page. */
export type Log = (level: 'info' | 'warn' | 'error', message: string) => void
