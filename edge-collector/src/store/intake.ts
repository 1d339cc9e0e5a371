import { LIMITS } from '../../protocol/messages.js'
import { isStorageTrouble } from './database.js'
import { kindOf, type Stored } from './parcels.js'
import type { Queue } from './queue.js'

/** Held in memory while the disk takes nothing. */
const MOST_HELD = 20_000
const FLUSH_SAMPLES = 500

export interface IntakeOptions {
  queue: Queue
  /** Portal minus collector, as known now. */
  offsetMs: () => number | null
  onStored?: () => void
  /** The disk takes nothing, or takes it again (null). */
  onTrouble?: (error: Error | null) => void
}

/** Gathers samples to batches. A disk that fails costs what does not fit into memory, counted. */
export class Intake {
  readonly #options: IntakeOptions
  #held: Stored[] = []
  #lost = 0
  #trouble: Error | null = null
  #isClosed = false

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  /** What the disk refuses at this time. */
  get trouble(): string | null {
    return this.#trouble?.message ?? null
  }

  add(sample: Stored): void {
    if (this.#isClosed) return
    this.#held.push(sample)
    if (this.#held.length >= FLUSH_SAMPLES && !this.#trouble) this.flush()
    const excess = this.#held.length - MOST_HELD
    if (excess <= 0) return
    this.#held.splice(0, excess)
    this.#lost += excess
  }

  /** Writes what was gathered; called every few seconds. */
  flush(): void {
    if (this.#held.length === 0) return
    const { queue, offsetMs, onStored } = this.#options
    try {
      while (this.#held.length > 0) {
        const part = this.#ofOneKind().slice(0, LIMITS.samplesPerBatch)
        queue.append(part, offsetMs())
        const stored = new Set(part)
        this.#held = this.#held.filter((one) => !stored.has(one))
      }
      if (this.#lost > 0) queue.count('dropped', this.#lost)
      this.#lost = 0
    } catch (error) {
      if (!isStorageTrouble(error)) throw error
      this.#say(error)
      return
    }
    this.#say(null)
    onStored?.()
  }

  /** Writes what was gathered; what comes later, from polls that outlive the end, is left out. */
  close(): void {
    this.flush()
    this.#isClosed = true
  }

  /** Miners and meters go in batches of their own. */
  #ofOneKind(): Stored[] {
    const kind = kindOf(this.#held[0]!)
    return this.#held.filter((one) => kindOf(one) === kind)
  }

  #say(trouble: Error | null): void {
    if ((trouble === null) !== (this.#trouble === null)) this.#options.onTrouble?.(trouble)
    this.#trouble = trouble
  }
}
