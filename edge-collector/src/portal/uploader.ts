import { gzipSync } from 'node:zlib'
import type { Batch, BatchAnswer } from '../../protocol/messages.js'
import { Bell, type Log, type Time } from '../poll/time.js'
import type { Claimed } from '../store/claims.js'
import { isStorageTrouble } from '../store/database.js'
import type { Queue } from '../store/queue.js'
import type { PortalClient } from './client.js'
import type { Gate } from './gate.js'
import { LiveLag } from './live_lag.js'
import { PortalUnreachable } from './transport.js'
import { batchAnswer, judge, type Verdict } from './verdict.js'

export interface UploaderOptions {
  queue: Queue
  client: Pick<PortalClient, 'postGzip' | 'offsetMs'>
  gate: Gate
  time: Time
  log: Log
  /** Older than this is back-fill. */
  liveMs?: number
  backfillLanes?: number
  timeoutMs?: number
  /** The portal took a batch, perhaps not all of its samples. */
  onTaken?: (claimed: Claimed, answer: BatchAnswer) => void
  /** The portal took the report of a scan. */
  onReported?: (answer: Record<string, unknown>) => void
}

type Picker = () => (() => Promise<void>) | null

/**
 * Empties the queue. One lane sends the newest first, so that what is on the screen is now; others
 * fill up the past beside it, and pause when the first one falls behind. While the portal fails,
 * only what was sent before is sent again.
 */
export class Uploader {
  readonly #options: UploaderOptions
  readonly #liveMs: number
  readonly #bell = new Bell()
  readonly #busy = new Set<number>()
  readonly #lag: LiveLag
  #hasConflict = false

  constructor(options: UploaderOptions) {
    this.#options = options
    this.#liveMs = options.liveMs ?? 60_000
    this.#lag = new LiveLag(options.time)
  }

  /** How far behind the newest data was; null before the first batch. */
  get lagMs(): number | null {
    return this.#lag.lagMs
  }

  /** Something is in the queue. */
  wake(): void {
    this.#bell.ring()
  }

  /** Until the signal ends it. What is under way then is sent again after the next start. */
  async run(signal: AbortSignal): Promise<void> {
    const backfill = Array.from({ length: this.#options.backfillLanes ?? 2 }, () =>
      this.#lane(
        () => this.#pickOld(signal),
        signal,
        () => this.#lag.pauseMs
      )
    )
    await Promise.all([
      this.#lane(() => this.#pickLive(signal), signal),
      this.#lane(() => this.#pickReport(signal), signal),
      ...backfill,
    ])
  }

  async #lane(pick: Picker, signal: AbortSignal, pauseMs = () => 0): Promise<void> {
    const { gate, time } = this.#options
    while (!signal.aborted) {
      await gate.opened(signal)
      if (signal.aborted) return
      const isDone = await this.#work(pick)
      if (!isDone) await this.#bell.wait(time, 1000, signal)
      else if (pauseMs() > 0) await time.sleep(pauseMs(), signal)
    }
  }

  /** A disk that fails must not end a lane; the queue is asked again after the back-off. */
  async #work(pick: Picker): Promise<boolean> {
    try {
      this.#endConflict()
      const work = pick()
      await work?.()
      return work !== null
    } catch (error) {
      if (!isStorageTrouble(error)) throw error
      this.#options.gate.failed(`queue: ${error.message}`)
      return false
    }
  }

  #pickLive(signal: AbortSignal) {
    const { queue, gate, time } = this.#options
    if (this.#hasConflict) return null
    const claimed =
      gate.trouble === null
        ? (queue.claims.newest(time.clock() - this.#liveMs) ?? this.#sentBefore())
        : (this.#sentBefore() ?? this.#firstTry())
    return this.#sending(claimed, signal)
  }

  #pickOld(signal: AbortSignal) {
    const { queue, gate, time } = this.#options
    if (this.#hasConflict) return null
    const isWell = gate.trouble === null
    const again = this.#sentBefore()
    const claimed = again ?? (isWell ? queue.claims.oldest(time.clock() - this.#liveMs) : null)
    return this.#sending(claimed, signal)
  }

  #sentBefore = () => this.#options.queue.claims.sentBefore((seq) => this.#busy.has(seq))

  /** While the portal fails, one batch is the probe and stays it. */
  #firstTry = () => (this.#busy.size === 0 ? this.#options.queue.claims.newest() : null)

  #sending(claimed: Claimed | null, signal: AbortSignal) {
    if (!claimed) return null
    this.#busy.add(claimed.seq)
    return async () => {
      try {
        await this.#send(claimed, signal)
      } finally {
        this.#busy.delete(claimed.seq)
        this.#endConflict()
      }
    }
  }

  async #send(claimed: Claimed, signal: AbortSignal): Promise<void> {
    const { client, time, queue, timeoutMs } = this.#options
    const isBackfill = time.clock() - claimed.createdAt > this.#liveMs
    const knownAck = queue.ackSeq
    const verdict = await this.#ask(
      () =>
        client.postGzip('telemetry', bodyOf(claimed, { time, client, isBackfill }), {
          signal,
          ...(timeoutMs ? { timeoutMs } : {}),
        }),
      signal
    )
    if (!verdict) return
    this.#settle(claimed, verdict, knownAck)
    if (!isBackfill && verdict.type === 'taken') this.#lag.sent(claimed.createdAt)
  }

  #settle(claimed: Claimed, verdict: Verdict, knownAck: number): void {
    const { queue, log } = this.#options
    if (claimed.bootId !== queue.bootId) return
    switch (verdict.type) {
      case 'taken':
        return this.#taken(claimed, verdict.body, knownAck)
      case 'too_large':
        log('warn', `batch ${claimed.seq} is too large for the portal and is split`)
        return queue.split(claimed)
      case 'unreadable':
        return this.#unreadable(claimed, verdict.reason)
      case 'conflict':
        return this.#conflict(
          `batch ${claimed.seq} exists in the portal with other samples: is this machine a copy?`
        )
      default:
        return this.#fail(verdict)
    }
  }

  #taken(claimed: Claimed, body: Record<string, unknown>, knownAck: number): void {
    const { queue, gate, onTaken } = this.#options
    const answer = batchAnswer(body)
    if (!answer) return gate.failed('an answer that is not of the portal')
    gate.succeeded()
    const settlement = queue.settle(claimed, answer.ackSeq, knownAck)
    if (settlement === 'portal_lost_data') {
      this.#conflict(`the portal has ${answer.ackSeq}, it had acknowledged ${knownAck}`)
    } else if (settlement === 'foreign_batches') {
      this.#conflict(`the portal acknowledges ${answer.ackSeq}, which was never sent from here`)
    } else onTaken?.(claimed, answer)
  }

  #unreadable(claimed: Claimed, reason: string): void {
    const { queue, gate, log } = this.#options
    // Without samples it is not the samples: then trying again at once helps nobody.
    if (claimed.items().length === 0) return gate.failed(`the portal does not read us: ${reason}`)
    log('error', `batch ${claimed.seq} is set aside: ${reason}`)
    queue.setAside(claimed, reason)
  }

  /**
   * No batch of this boot is sent any more; a new one begins when nothing is under way. It waits
   * as after a failure: a portal that finds fault with every boot must not be asked in a circle.
   */
  #conflict(reason: string): void {
    this.#options.log('error', `new queue boot: ${reason}`)
    this.#options.gate.failed(reason)
    this.#hasConflict = true
  }

  #endConflict(): void {
    if (!this.#hasConflict || this.#busy.size > 0) return
    this.#options.queue.renewBoot()
    this.#hasConflict = false
    this.#bell.ring()
  }

  #pickReport(signal: AbortSignal) {
    const report = this.#options.queue.reports.first()
    if (!report) return null
    return async () => {
      const { client, queue, gate, onReported, log } = this.#options
      const verdict = await this.#ask(
        () => client.postGzip(report.kind, report.gz, { signal }),
        signal
      )
      if (!verdict) return
      if (verdict.type === 'taken') {
        gate.succeeded()
        queue.reports.done(report.id)
        onReported?.(verdict.body)
      } else if (verdict.type === 'too_large' || verdict.type === 'unreadable') {
        log('error', `report ${report.id} is set aside: ${verdict.type}`)
        queue.reports.setAside(report, verdict.type)
      } else this.#fail(verdict)
    }
  }

  #fail(verdict: Verdict): void {
    const { gate, log } = this.#options
    if (verdict.type === 'refused') {
      log('error', `the portal refuses this collector (${verdict.reason}); nothing is sent`)
      gate.refused(`refused: ${verdict.reason}`)
    } else if (verdict.type === 'later') gate.failed(verdict.reason, verdict.retryAfterMs)
    else gate.failed(verdict.type)
  }

  async #ask(
    question: () => ReturnType<PortalClient['postGzip']>,
    signal: AbortSignal
  ): Promise<Verdict | null> {
    try {
      return judge(await question())
    } catch (error) {
      if (!(error instanceof PortalUnreachable)) throw error
      if (!signal.aborted) this.#options.gate.unreachable(error.message)
      return null
    }
  }
}

/**
 * The message around samples that are compressed already: gzip allows several members one after the
 * other, so nothing is inflated to be sent.
 */
function bodyOf(
  claimed: Claimed,
  {
    time,
    client,
    isBackfill,
  }: { time: Time; client: Pick<PortalClient, 'offsetMs'>; isBackfill: boolean }
): Buffer {
  const head: Omit<Batch, 'samples' | 'meters'> = {
    bootId: claimed.bootId,
    seq: claimed.seq,
    sentAt: time.clock(),
    offsetMs: claimed.offsetMs ?? client.offsetMs(),
    isBackfill,
  }
  const before = claimed.kind === 'meters' ? '"samples":[],"meters":' : '"samples":'
  const opening = `${JSON.stringify(head).slice(0, -1)},${before}`
  return Buffer.concat([gzipSync(opening), claimed.gz, gzipSync('}')])
}
