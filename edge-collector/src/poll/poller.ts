import type { TelemetryRecord } from '../../protocol/record.js'
import { type Sample, sampleOf } from '../../protocol/sample.js'
import { isAnomaly, isGood, type Mark, markOf } from './anomaly.js'
import { Round } from './round.js'
import { hashOf, Schedule, type Turn } from './schedule.js'
import { describe } from '../values/text.js'
import type { Log, Time } from './time.js'

/** A miner as the poller knows it. */
export interface Target {
  key: string
  ip: string
}

/** What a poll gave; null: somebody else answers at this address now. */
export type Read<T extends Target> = (
  target: T,
  signal: AbortSignal
) => Promise<TelemetryRecord | null>

export interface PollerOptions<T extends Target> {
  read: Read<T>
  emit: (sample: Sample) => void
  time: Time
  log: Log
  schedule?: Schedule
  detailMs?: number
}

interface Memory {
  mark: Mark
  /** The mark of the detail that was told last; null: it must be told with the next good answer. */
  toldDetail: string | null
  /** Monotonic; null before the first detail. */
  detailAt: number | null
}

/**
 * Asks miners when they are due, and tells what they say. Turns go by the monotonic clock: when
 * somebody sets the clock on the wall, no miner waits an hour for it.
 */
export class Poller<T extends Target> {
  readonly #options: PollerOptions<T>
  readonly #targets = new Map<string, T>()
  readonly #memories = new Map<string, Memory>()
  readonly #running = new Set<Promise<void>>()
  readonly schedule: Schedule
  readonly round = new Round()
  detailMs: number
  /** Polls that ended in an error of ours. */
  bugs = 0

  constructor(options: PollerOptions<T>) {
    this.#options = options
    this.schedule = options.schedule ?? new Schedule()
    this.detailMs = options.detailMs ?? 300_000
  }

  /** Polls these and no others from now on. */
  setTargets(targets: readonly T[]): void {
    const known = new Set(targets.map(({ key }) => key))
    for (const key of this.#targets.keys()) {
      if (known.has(key)) continue
      this.#targets.delete(key)
      this.#memories.delete(key)
    }
    for (const target of targets) this.#targets.set(target.key, target)
    this.schedule.set(known, this.#options.time.monotonic())
  }

  get counts(): { known: number; answering: number } {
    return {
      known: this.#targets.size,
      answering: [...this.#memories.values()].filter(({ mark }) => isGood(mark)).length,
    }
  }

  /** Until the signal; then waits for the polls that are under way. */
  async run(signal: AbortSignal): Promise<void> {
    const { time } = this.#options
    while (!signal.aborted) {
      this.tick(signal)
      await time.sleep(TICK_MS, signal)
    }
    await Promise.all(this.#running)
  }

  /** Starts what is due now. */
  tick(signal: AbortSignal): void {
    const now = this.#options.time.monotonic()
    for (const turn of this.schedule.due(now)) this.#take(turn, signal)
  }

  /** When all polls are over that are under way now. */
  async settled(): Promise<void> {
    await Promise.all(this.#running)
  }

  #take({ miner, type }: Turn, signal: AbortSignal): void {
    const target = this.#targets.get(miner)
    if (!target) {
      this.#finish(miner, { isReachable: true, isAnomaly: false })
      return
    }
    if (type === 'echo') {
      this.#options.emit(this.#silence(target))
      this.round.polled(miner, this.#options.time.monotonic(), this.#targets)
      return
    }
    const poll = this.#poll(target, signal).finally(() => this.#running.delete(poll))
    this.#running.add(poll)
  }

  async #poll(target: T, signal: AbortSignal): Promise<void> {
    const { read, log, time } = this.#options
    let finished = { isReachable: false, isAnomaly: false }
    try {
      const record = await read(target, signal)
      if (record) finished = this.#tell(target, record)
      else this.#options.emit(this.#silence(target))
    } catch (error) {
      // One miner must not end the others' polls; the bug is told and counted.
      this.bugs++
      log('error', `reading ${target.key} at ${target.ip}: ${describe(error)}`)
      this.#options.emit({ ...this.#silence(target), outcome: 'api_down' })
    } finally {
      this.#finish(target.key, finished)
      this.round.polled(target.key, time.monotonic(), this.#targets)
    }
  }

  #finish(miner: string, finished: { isReachable: boolean; isAnomaly: boolean }): void {
    this.schedule.finished(miner, this.#options.time.monotonic(), finished)
  }

  #tell({ key }: T, record: TelemetryRecord) {
    const isReachable = record.outcome !== 'unreachable'
    // It was taken off the list while it was being asked.
    if (!this.#targets.has(key)) return { isReachable, isAnomaly: false }
    const mark = markOf(record)
    const before = this.#memories.get(key)
    const isDetailed = this.#isDetailDue(mark, before)
    const told = isDetailed ? this.#told(key, mark, before) : (before ?? NOTHING_TOLD)
    this.#memories.set(key, { ...told, mark })
    this.#options.emit(sampleOf(record, key, isDetailed))
    return { isReachable, isAnomaly: before !== undefined && isAnomaly(before.mark, mark) }
  }

  /**
   * A miner that did not answer does not say what has become of its boards and pools, so nothing is
   * told of them. A question that is left open now and then is no change of what it would say.
   */
  #isDetailDue(mark: Mark, before: Memory | undefined): boolean {
    if (!isGood(mark)) return false
    if (!before || before.detailAt === null) return true
    if (this.#options.time.monotonic() - before.detailAt >= this.detailMs) return true
    return mark.outcome === 'ok' && mark.detail !== before.toldDetail
  }

  #told(key: string, mark: Mark, before: Memory | undefined): Omit<Memory, 'mark'> {
    const now = this.#options.time.monotonic()
    return {
      toldDetail: mark.outcome === 'ok' ? mark.detail : null,
      // The first one as if it were older, so that after a start not all are due at once again.
      detailAt: (before?.detailAt ?? null) === null ? now - (hashOf(key) % this.detailMs) : now,
    }
  }

  #silence({ key, ip }: T): Sample {
    const at = this.#options.time.clock()
    return { miner: key, at, poll_ms: 0, outcome: 'unreachable', state: 'unknown', ip }
  }
}

const TICK_MS = 200
const NOTHING_TOLD = { toldDetail: null, detailAt: null }
