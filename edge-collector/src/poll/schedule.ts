/** How often and how many at once. */
export interface Pace {
  pollMs: number
  /** Longest wait for a miner that does not answer. */
  deadMs: number
  burstEveryMs: number
  burstForMs: number
  maxConcurrent: number
  /** Share of all miners that may be watched closely at once, as a power cut hits all of them. */
  burstShare: number
  /** For machines that the portal does not count among ours. */
  strangerMs: number
}

export const DEFAULT_PACE: Pace = {
  pollMs: 30_000,
  deadMs: 300_000,
  burstEveryMs: 5000,
  burstForMs: 120_000,
  maxConcurrent: 200,
  burstShare: 0.05,
  strangerMs: 300_000,
}

/** What is to be done with a miner now: ask it, or say again that it does not answer. */
export interface Turn {
  miner: string
  type: 'poll' | 'echo'
}

export interface Finished {
  isReachable: boolean
  isAnomaly: boolean
}

interface State {
  nextAt: number
  isBusy: boolean
  /** Polls without any answer, one after the other. */
  failures: number
  /** Not asked before; until then its silence is only told. */
  deadUntil: number
  burstUntil: number
  isStranger: boolean
  /** Not wanted any more, but being asked. */
  isLeaving: boolean
}

/**
 * When which miner is asked; knows no clock and no socket. Every miner has its own moment in the
 * interval, which follows from its key: after a restart the load is as even as before.
 */
export class Schedule {
  pace: Pace
  readonly #states = new Map<string, State>()
  #busy = 0

  constructor(pace: Pace = DEFAULT_PACE) {
    this.pace = pace
  }

  get busy(): number {
    return this.#busy
  }

  /** These and no others. One that is being asked stays until its answer. */
  set(miners: Iterable<string>, now: number): void {
    const wanted = new Set(miners)
    for (const [miner, state] of this.#states) {
      state.isLeaving = !wanted.has(miner)
      if (state.isLeaving && !state.isBusy) this.#states.delete(miner)
    }
    for (const miner of wanted) {
      if (this.#states.has(miner)) continue
      this.#states.set(miner, {
        nextAt: this.#slotAfter(miner, now, this.pace.pollMs),
        isBusy: false,
        failures: 0,
        deadUntil: 0,
        burstUntil: 0,
        isStranger: false,
        isLeaving: false,
      })
    }
  }

  /** What is due, those that wait longest first. They count as busy until `finished`. */
  due(now: number): Turn[] {
    const turns: Turn[] = []
    const waiting = [...this.#states]
      .filter(([, { isBusy, nextAt }]) => !isBusy && nextAt <= now)
      .toSorted(([, a], [, b]) => a.nextAt - b.nextAt)
    for (const [miner, state] of waiting) {
      if (state.deadUntil > now) {
        state.nextAt = this.#slotAfter(miner, now, this.#intervalOf(state))
        turns.push({ miner, type: 'echo' })
      } else if (this.#busy < this.pace.maxConcurrent) {
        state.isBusy = true
        this.#busy++
        turns.push({ miner, type: 'poll' })
      }
    }
    return turns
  }

  /** The poll that `due` gave is over. */
  finished(miner: string, now: number, { isReachable, isAnomaly }: Finished): void {
    const state = this.#states.get(miner)
    if (!state?.isBusy) return
    state.isBusy = false
    this.#busy--
    if (state.isLeaving) this.#states.delete(miner)
    state.failures = isReachable ? 0 : state.failures + 1
    if (isAnomaly && this.#mayBurst(now)) state.burstUntil = now + this.pace.burstForMs
    const isBurst = state.burstUntil > now
    state.deadUntil = isReachable || isBurst ? 0 : now + this.#patience(state.failures)
    const slot = this.#slotAfter(miner, now, this.#intervalOf(state))
    state.nextAt = isBurst ? Math.min(slot, now + this.pace.burstEveryMs) : slot
  }

  /** Whether the portal counts it among ours. */
  setStranger(miner: string, isStranger: boolean): void {
    const state = this.#states.get(miner)
    if (state) state.isStranger = isStranger
  }

  /** The next moment at which something is due; null: never. */
  nextAt(): number | null {
    let soonest: number | null = null
    for (const { isBusy, nextAt } of this.#states.values()) {
      if (!isBusy && (soonest === null || nextAt < soonest)) soonest = nextAt
    }
    return soonest
  }

  #intervalOf = ({ isStranger }: State) =>
    isStranger ? Math.max(this.pace.strangerMs, this.pace.pollMs) : this.pace.pollMs

  /** The first failure changes nothing, then the wait doubles. */
  #patience(failures: number): number {
    const { pollMs, deadMs } = this.pace
    return failures < 2
      ? 0
      : Math.min(deadMs, pollMs * 2 ** Math.min(failures - 1, 20)) - pollMs / 2
  }

  #mayBurst(now: number): boolean {
    let bursts = 0
    for (const { burstUntil } of this.#states.values()) if (burstUntil > now) bursts++
    return bursts < Math.max(5, this.#states.size * this.pace.burstShare)
  }

  #slotAfter(miner: string, now: number, intervalMs: number): number {
    const phase = hashOf(miner) % intervalMs
    return (Math.floor((now - phase) / intervalMs) + 1) * intervalMs + phase
  }
}

/** FNV-1a, 32 bits: the same on every machine. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  }
  return hash >>> 0
}
