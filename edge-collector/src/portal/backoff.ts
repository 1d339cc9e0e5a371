export interface BackoffOptions {
  firstMs: number
  longestMs: number
  /** From 0 to below 1. */
  random: () => number
}

/** Twice as long each time up to a limit, shortened by chance so that collectors do not march in step. */
export class Backoff {
  readonly #options: BackoffOptions
  #failures = 0

  constructor(options: BackoffOptions) {
    this.#options = options
  }

  next(): number {
    const { firstMs, longestMs, random } = this.#options
    const whole = Math.min(longestMs, firstMs * 2 ** Math.min(this.#failures, 30))
    this.#failures++
    return Math.round(whole * (0.5 + random() / 2))
  }

  reset(): void {
    this.#failures = 0
  }
}
