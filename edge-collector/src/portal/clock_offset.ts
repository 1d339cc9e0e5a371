interface Measured {
  offsetMs: number
  roundTripMs: number
}

const KEPT = 8
/** A clock that moved further against the monotonic one was set. */
const JUMP_MS = 1000

/**
 * Portal's clock minus ours, from the times in its answers. Of the last answers the one that was
 * under way for the shortest time counts. When our clock is set, what was measured is worthless.
 */
export class ClockOffset {
  #measured: Measured[] = []
  #wallMinusMono: number | null = null

  /** Null: not known, or not known any more. */
  at(wall: number, mono: number): number | null {
    this.#watch(wall, mono)
    const [best] = this.#measured.toSorted((a, b) => a.roundTripMs - b.roundTripMs)
    return best?.offsetMs ?? null
  }

  /** An answer that came now, to what was sent some time ago, and says its time. */
  learn(portalTime: number, now: { wall: number; mono: number }, roundTripMs: number): void {
    this.#watch(now.wall, now.mono)
    const offsetMs = Math.round(portalTime - (now.wall - roundTripMs / 2))
    this.#measured = [...this.#measured, { offsetMs, roundTripMs }].slice(-KEPT)
  }

  #watch(wall: number, mono: number): void {
    const difference = wall - mono
    const known = this.#wallMinusMono ?? difference
    if (Math.abs(difference - known) > JUMP_MS) this.#measured = []
    this.#wallMinusMono = difference
  }
}
