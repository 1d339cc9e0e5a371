interface Pending {
  at: number
  run: (at: number) => void
}

/** Things that are due at virtual times. They are done, in order, when somebody advances. */
export class Timeline {
  readonly #pending: Pending[] = []
  #epoch = 0

  /** Everything that is due up to then. */
  advance(to: number): void {
    for (let next = this.#pending[0]; next && next.at <= to; next = this.#pending[0]) {
      this.#pending.shift()
      next.run(next.at)
    }
  }

  /** Of two at the same time the one that was planned first comes first. */
  at(at: number, run: Pending['run']): void {
    const place = this.#pending.findIndex((one) => one.at > at)
    this.#pending.splice(place < 0 ? this.#pending.length : place, 0, { at, run })
  }

  /** Like `at`, but void once somebody says `forget`. */
  then(at: number, run: Pending['run']): void {
    const epoch = this.#epoch
    this.at(at, (now) => {
      if (epoch === this.#epoch) run(now)
    })
  }

  /** Plans made with `then` do not hold any more. */
  forget(): void {
    this.#epoch += 1
  }
}
