import { randomUUID } from 'node:crypto'
import type { TelemetryRecord } from '../../protocol/record.js'
import type {
  SafetyAction,
  SafetyEvent,
  SafetyOutcome,
  SafetyPolicy,
} from '../../protocol/safety.js'
import type { ActResult } from '../drivers/contract.js'
import type { Log } from '../poll/time.js'
import { decide, type Memory, NOTHING, observe, refused, type Seen, telling } from './decide.js'

/** Tells a miner what to do, once. */
export type Act = (action: SafetyAction, before: TelemetryRecord) => Promise<ActResult>

export interface GuardOptions {
  /** Null: it does nothing. */
  policy: () => SafetyPolicy | null
  /** How old a reading may be: two polls. */
  staleMs: () => number
  /** Miners that this collector knows. */
  known: () => number
  clock: () => number
  log: Log
  /** Keeps an event until the portal has it. Throws when the disk takes nothing. */
  report: (events: SafetyEvent[]) => void
  /** What it did, kept over a restart. */
  load: () => string | null
  save: (text: string) => void
}

interface Known {
  memory: Memory
  /** What it was set to before it slept: it is woken to that. */
  target: TelemetryRecord['tuning_target']
}

type Which = { key: string; ip: string }

/** Sends miners to sleep that are too hot, as far as the policy of the site goes. */
export class Guard {
  readonly #options: GuardOptions
  readonly #known = new Map<string, Known>()
  #unsent: SafetyEvent[] = []

  constructor(options: GuardOptions) {
    this.#options = options
    const stored = options.load()
    if (stored === null) return
    for (const [key, { memory, target }] of JSON.parse(stored) as [string, Known][]) {
      // Readings since it was kept are forgotten: hot ones are counted anew.
      this.#known.set(key, { memory: { ...memory, hot: 0 }, target })
    }
  }

  /** Miners that are not awake by its doing. */
  get resting(): number {
    return [...this.#known.values()].filter(({ memory }) => memory.phase !== 'awake').length
  }

  /** A miner was read just now. Acts within its turn: nobody else speaks to it meanwhile. */
  async read(miner: Which, record: TelemetryRecord, act: Act): Promise<void> {
    const policy = this.#options.policy()
    if (!policy || (record.outcome !== 'ok' && record.outcome !== 'partial')) return
    const seen = seenIn(record)
    const before = this.#known.get(miner.key) ?? { memory: NOTHING, target: null }
    const { memory, verified } = observe(before.memory, seen, policy, this.#options.staleMs())
    this.#known.set(miner.key, { ...before, memory })
    if (verified) this.#tell(miner, seen, { ...verified, detail: null })
    const action = decide(memory, {
      now: this.#options.clock(),
      staleMs: this.#options.staleMs(),
      seen,
      policy,
      room: { known: this.#options.known(), resting: this.resting },
    })
    if (action) await this.#act(miner, record, { action, act, seen })
    // Somebody else may have woken it: after a restart it must not count as asleep by our doing.
    else if (memory.phase !== before.memory.phase) this.#save()
    this.#flush()
  }

  async #act(
    miner: Which,
    record: TelemetryRecord,
    { action, act, seen }: { action: SafetyAction; act: Act; seen: Seen }
  ): Promise<void> {
    const { clock } = this.#options
    const { memory, target } = this.#known.get(miner.key)!
    const told = telling(memory, action, clock())
    const tuning = action === 'pause' ? record.tuning_target : target
    this.#known.set(miner.key, { memory: told, target: tuning })
    // Kept first: after a crash a miner that sleeps by our doing must not be forgotten.
    if (!this.#save()) return
    const { accepted, detail } = await act(action, { ...record, tuning_target: tuning })
    if (accepted === false) {
      this.#known.set(miner.key, { memory: refused(told, clock()), target: tuning })
      this.#save()
    }
    const outcome = accepted === null ? 'lost' : accepted ? 'sent' : 'refused'
    this.#tell(miner, seen, { action, outcome, detail })
  }

  #tell(
    { key, ip }: Which,
    { tempC }: Seen,
    what: { action: SafetyAction; outcome: SafetyOutcome; detail: string | null }
  ): void {
    const { action, outcome } = what
    const detail = what.detail?.slice(0, 300) ?? null
    const at = this.#options.clock()
    this.#unsent.push({ id: randomUUID(), at, miner: key, ip, action, outcome, tempC, detail })
    const level = outcome === 'refused' || outcome === 'not_done' ? 'error' : 'warn'
    this.#options.log(level, `${action} ${key} at ${ip}, ${tempC ?? '?'} °C: ${outcome}`)
  }

  /** What the disk does not take now is tried again with the next reading. */
  #flush(): void {
    if (this.#unsent.length === 0) return
    try {
      this.#options.report(this.#unsent)
      this.#unsent = []
    } catch (error) {
      this.#options.log('error', `safety: ${(error as Error).message}`)
    }
  }

  #save(): boolean {
    const kept = [...this.#known].filter(
      ([, { memory }]) => memory.phase !== 'awake' || memory.tries.length > 0
    )
    try {
      this.#options.save(JSON.stringify(kept))
      return true
    } catch (error) {
      this.#options.log('error', `safety does nothing: ${(error as Error).message}`)
      return false
    }
  }
}

const seenIn = (record: TelemetryRecord): Seen => ({
  at: Date.parse(record.observed_at),
  tempC: record.temp_max_c,
  state: record.state,
})
