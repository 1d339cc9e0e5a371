import type { Phase } from './contract.js'

/** What a machine heads for; shares of what its model does. */
export interface Targets {
  phase: Phase
  /** Hashing, 1 at the nameplate. */
  hash: number
  /** How long the hashrate takes to get there, milliseconds. */
  hashRampMs: number
  /** Watts at the wall. */
  powerW: number
  powerRampMs: number
  /** Chips above the air that comes in, once it has settled. */
  excessC: number
  /** Of the shares. */
  rejectedShare: number
  staleShare: number
  /** Hardware errors for a share's worth of work. */
  errorsPerShare: number
}

/** Everything that adds up, at one moment. */
export interface Sums {
  /** Work of the process in shares: hashrate × time / work of a share. */
  shares: number
  rejected: number
  stale: number
  errors: number
  /** Since the machine exists. */
  energyWh: number
}

/** First-order lag of the chips behind the power. */
const TAU_MS = 120_000
const HOUR_MS = 3_600_000

interface Start extends Sums {
  at: number
  hash: number
  powerW: number
  excessC: number
}

/** The integral of a line from `a` to `b` over `ramp`, flat after it, up to `passed`. */
function areaOf(a: number, b: number, ramp: number, passed: number): number {
  const on = Math.min(passed, ramp)
  const now = ramp > 0 ? a + ((b - a) * on) / ramp : b
  return ((a + now) / 2) * on + b * Math.max(0, passed - ramp)
}

const lineAt = (a: number, b: number, ramp: number, passed: number) =>
  passed >= ramp ? b : a + ((b - a) * passed) / ramp

/**
 * The physics of a machine between two events: hashrate and power go straight to where they head,
 * the chips follow the power, and what adds up is integrated in closed form, so that a week costs
 * as much as a second.
 */
export class Plant {
  #start: Start
  #targets: Targets
  readonly #sharesPerMs: number

  /** @param sharesPerMs at the nameplate. */
  constructor(at: number, targets: Targets, sharesPerMs: number) {
    const { hash, powerW, excessC } = targets
    const none = { shares: 0, rejected: 0, stale: 0, errors: 0, energyWh: 0 }
    this.#start = { at, hash, powerW, excessC, ...none }
    this.#targets = targets
    this.#sharesPerMs = sharesPerMs
  }

  get targets(): Targets {
    return this.#targets
  }

  /** At `at`, which is not before the last change. */
  values(at: number): { hash: number; powerW: number; excessC: number } & Sums {
    const { hash, powerW, excessC, shares, rejected, stale, errors, energyWh } = this.#start
    const to = this.#targets
    const passed = Math.max(0, at - this.#start.at)
    const work = areaOf(hash, to.hash, to.hashRampMs, passed) * this.#sharesPerMs
    return {
      hash: lineAt(hash, to.hash, to.hashRampMs, passed),
      powerW: lineAt(powerW, to.powerW, to.powerRampMs, passed),
      excessC: to.excessC + (excessC - to.excessC) * Math.exp(-passed / TAU_MS),
      shares: shares + work,
      rejected: rejected + work * to.rejectedShare,
      stale: stale + work * to.staleShare,
      errors: errors + work * to.errorsPerShare,
      energyWh: energyWh + areaOf(powerW, to.powerW, to.powerRampMs, passed) / HOUR_MS,
    }
  }

  /** Heads for something else from now on. With `restarts`, the process counts from 0 again. */
  change(at: number, targets: Targets, restarts = false): void {
    const now = this.values(at)
    const none = restarts ? { shares: 0, rejected: 0, stale: 0, errors: 0 } : {}
    this.#start = { ...now, ...none, at, hash: restarts ? 0 : now.hash }
    this.#targets = targets
  }

  /** When the chips will be this far above the air; null: never, as things are. */
  whenAt(excessC: number): number | null {
    const { excessC: goal } = this.#targets
    const { excessC: from, at } = this.#start
    if (from >= excessC) return at
    if (goal <= excessC) return null
    return Math.ceil(at + TAU_MS * Math.log((goal - from) / (goal - excessC)))
  }
}
