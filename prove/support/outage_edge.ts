import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { PortalClient } from '../../edge-collector/src/portal/client.js'
import { ConfigStore } from '../../edge-collector/src/portal/config.js'
import { Gate } from '../../edge-collector/src/portal/gate.js'
import { Heartbeats } from '../../edge-collector/src/portal/heartbeat.js'
import { loadIdentity } from '../../edge-collector/src/portal/identity.js'
import { createTransport, type Transport } from '../../edge-collector/src/portal/transport.js'
import { Uploader } from '../../edge-collector/src/portal/uploader.js'
import { Bell } from '../../edge-collector/src/poll/time.js'
import { Intake } from '../../edge-collector/src/store/intake.js'
import { Queue } from '../../edge-collector/src/store/queue.js'
import { scanOf } from './edge_story.js'
import { type OutageScale, OutageStory } from './outage_story.js'
import { OutageTime } from './outage_time.js'

const HOUR_MS = 3_600_000
/** How often the queue is measured. */
const WATCH_MS = 600_000

/** When the portal had a reading of after its return. */
export interface Arrival {
  at: number
  /** From its poll to the portal's word that it has it. */
  lagMs: number
}

/**
 * The collector's own queue, intake, uploader, heartbeats and clockwork, on a real disk and over
 * real sockets; only its miners are made up, and time may leap.
 */
export class OutageEdge {
  readonly story: OutageStory
  readonly time: OutageTime
  readonly queue: Queue
  readonly arrivals: Arrival[] = []
  readonly scanIds: string[] = []
  /** When the portal answered a heartbeat. */
  heartbeatAt: number | null = null
  /** Since when what arrives is live. */
  returnedAt = Number.POSITIVE_INFINITY
  given = 0
  most = { bytes: 0, batches: 0 }
  readonly #scale: OutageScale
  readonly #file: string
  readonly #intake: Intake
  readonly #uploader: Uploader
  readonly #heartbeats: Heartbeats
  readonly #transport: ReturnType<typeof createTransport>
  readonly #bell = new Bell()
  readonly #stopping = new AbortController()
  readonly #bootId = randomUUID()
  #isReading = true
  #underWay = 0
  #runs: Promise<unknown> = Promise.resolve()

  /** An edge of this folder, which is enrolled; its time begins so long ago as the outage lasts. */
  constructor(folder: string, scale: OutageScale) {
    const startAt = Date.now() - scale.hours * HOUR_MS
    const identity = loadIdentity(folder)!
    this.#scale = scale
    this.story = new OutageStory(startAt, scale)
    this.time = new OutageTime(startAt, () => this.#underWay > 0)
    this.#file = join(folder, 'queue.db')
    const { time } = this
    this.queue = new Queue({ file: this.#file, maxBytes: scale.queueBytes, clock: time.clock })
    this.#transport = createTransport(new URL(identity.portal))
    const client = new PortalClient(identity, this.#counted(this.#transport), time)
    const gate = new Gate({ time })
    const log = () => {}
    this.#uploader = new Uploader({
      queue: this.queue,
      client,
      gate,
      time,
      log,
      onTaken: (claimed) => this.#arrived(claimed.samples().map(({ at }) => at)),
    })
    // Two clocks of one machine: what is compared later are the times as they were written here.
    this.#intake = new Intake({
      queue: this.queue,
      offsetMs: () => 0,
      onStored: () => this.#uploader.wake(),
      onTrouble: (error) => {
        if (error) throw error
      },
    })
    this.#heartbeats = new Heartbeats({
      client,
      gate,
      time,
      log,
      configs: new ConfigStore(folder, identity),
      beat: () => this.#beat(),
      onConfig: () => {},
      everyMs: scale.heartbeatMs,
    })
  }

  start(): void {
    const { signal } = this.#stopping
    this.#runs = Promise.all([
      this.#uploader.run(signal),
      this.#heartbeats.run(signal),
      this.#live(signal),
      this.#scan(signal),
      this.#watch(signal),
    ])
    this.#runs.catch(() => {})
  }

  get isOutageOver(): boolean {
    const { startAt } = this.story
    return (
      this.time.clock() - startAt >= this.#scale.hours * HOUR_MS && this.time.clock() >= Date.now()
    )
  }

  /** The portal can be reached from now on; the collector finds that out by itself. */
  comeBack(): void {
    this.returnedAt = this.time.clock()
    this.#bell.ring()
  }

  /** Whether the portal can be reached again. */
  get isBack(): boolean {
    return this.returnedAt < Number.POSITIVE_INFINITY
  }

  get isFilledUp(): boolean {
    const { oldestAt } = this.queue.stats()
    return oldestAt === null || oldestAt >= this.returnedAt
  }

  /** Reads no more, and sends what is left. */
  async end(): Promise<void> {
    this.#isReading = false
    this.#intake.flush()
    while (this.queue.stats().batches > 0) await this.time.sleep(50)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    try {
      await this.#runs
    } finally {
      this.#transport.close()
      this.queue.close()
    }
  }

  /** Rejects when something of the edge is broken. */
  get broken(): Promise<unknown> {
    return this.#runs
  }

  async #live(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#isReading) {
      const now = this.time.clock()
      for (; this.story.atOf(this.given) <= now; this.given++) {
        this.#intake.add(this.story.sampleOf(this.given))
      }
      this.#intake.flush()
      const { flushMs, liveFlushMs } = this.#scale
      await this.#bell.wait(this.time, this.isBack ? liveFlushMs : flushMs, signal)
    }
  }

  /** Scans go on without the portal; their reports must not be given up. */
  async #scan(signal: AbortSignal): Promise<void> {
    const everyMs = (this.#scale.hours * HOUR_MS) / (this.#scale.scans + 1)
    while (!signal.aborted && this.scanIds.length < this.#scale.scans) {
      await this.time.sleep(everyMs, signal)
      const scanId = randomUUID()
      this.scanIds.push(scanId)
      const now = this.time.clock()
      const { miners } = this.story
      this.queue.addReport({
        ...scanOf({ edge: 0, miners }, scanId),
        startedAt: now - 60_000,
        finishedAt: now,
      })
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.time.sleep(WATCH_MS, signal)
      this.measure()
    }
  }

  /** How large the queue is now. */
  measure(): void {
    const { batches } = this.queue.stats()
    const bytes = statSync(this.#file).size
    this.most = {
      bytes: Math.max(this.most.bytes, bytes),
      batches: Math.max(this.most.batches, batches),
    }
  }

  #arrived(times: readonly number[]): void {
    const now = this.time.clock()
    for (const at of times) {
      if (at >= this.returnedAt) this.arrivals.push({ at, lagMs: now - at })
    }
    this.heartbeatAt ??= this.#heartbeats.answeredAt
  }

  #counted(transport: Transport): Transport {
    return async (request) => {
      this.#underWay++
      try {
        return await transport(request)
      } finally {
        this.#underWay--
      }
    }
  }

  #beat() {
    const { batches, bytes, oldestAt, droppedSamples } = this.queue.stats()
    const { miners } = this.story
    return {
      bootId: this.#bootId,
      version: 'proof',
      time: this.time.clock(),
      startedAt: this.story.startAt,
      queue: { batches, bytes, oldestAt, droppedSamples },
      miners: { known: miners, answering: miners },
      rssBytes: process.memoryUsage.rss(),
      configVersion: 0,
      roundMs: this.#scale.pollMs,
    }
  }
}
