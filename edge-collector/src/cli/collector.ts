import { randomUUID } from 'node:crypto'
import type { BatchAnswer } from '../../protocol/messages.js'
import type { Driver } from '../drivers/contract.js'
import { listenForButtons } from '../discovery/ip_report.js'
import { type Registry } from '../miners/registry.js'
import { Poller } from '../poll/poller.js'
import { DEFAULT_PACE } from '../poll/schedule.js'
import { Strangers } from '../poll/strangers.js'
import { type Log, systemTime, type Time } from '../poll/time.js'
import { PortalClient } from '../portal/client.js'
import { ConfigStore } from '../portal/config.js'
import { Gate } from '../portal/gate.js'
import { Heartbeats } from '../portal/heartbeat.js'
import { loadIdentity } from '../portal/identity.js'
import { Refusal } from '../portal/refusal.js'
import { createTransport } from '../portal/transport.js'
import { Uploader } from '../portal/uploader.js'
import { Guard } from '../safety/guard.js'
import { Intake } from '../store/intake.js'
import type { Queue } from '../store/queue.js'
import { MeterPoller } from '../meters/poller.js'
import type { Claimed } from '../store/claims.js'
import { Updater } from '../update/updater.js'
import { readerOf, type MinerTarget } from './reader.js'
import { Scans } from './scans.js'
import { openStores } from './stores.js'
import { beatOf, type Self, statusOf } from './self.js'
import { credentialsFor, loadSettings } from './settings.js'
import { Site } from './site.js'
import { VERSION } from './version.js'

export interface CollectorOptions {
  folder: string
  drivers: readonly Driver[]
  log: Log
  time?: Time
  heartbeatMs?: number
  flushMs?: number
  ipReportPorts?: readonly number[]
  /** A launcher starts it again, perhaps in another version. */
  isSupervised?: boolean
}

const STOP_MS = 6000

/** Everything that runs at a site, put together. */
export class Collector {
  readonly #options: CollectorOptions
  readonly #time: Time
  readonly #settings: ReturnType<typeof loadSettings>
  readonly #queue: Queue
  readonly #registry: Registry
  readonly #configs: ConfigStore
  readonly #transport: ReturnType<typeof createTransport>
  readonly #client: PortalClient
  readonly #gate: Gate
  readonly #intake: Intake
  readonly #poller: Poller<MinerTarget>
  readonly #meters: MeterPoller
  readonly #uploader: Uploader
  readonly #heartbeats: Heartbeats
  readonly #scans: Scans
  readonly #identity
  readonly #bootId = randomUUID()
  readonly #startedAt: number
  readonly #strangers: Strangers
  readonly #updater: Updater
  readonly #guard: Guard
  readonly #staged = Promise.withResolvers<void>()
  readonly #reading = new AbortController()
  readonly #sending = new AbortController()
  #site: Site
  #runs: Promise<unknown>[] = []
  #uploads: Promise<void> = Promise.resolve()

  /** Opens everything and starts nothing. Throws Refusal. */
  constructor(options: CollectorOptions) {
    const { folder, log } = options
    const time = (this.#time = options.time ?? systemTime)
    this.#options = options
    const identity = loadIdentity(folder)
    if (!identity) throw new Refusal(`${folder} is not enrolled; use "enroll" first`)
    this.#identity = identity
    this.#settings = loadSettings(folder)
    this.#configs = new ConfigStore(folder, identity)
    if (this.#configs.damage) log('error', `stored ${this.#configs.damage}`)
    ;[this.#queue, this.#registry] = openStores(folder, this.#settings.queueMegabytes, time)
    this.#startedAt = time.clock()
    this.#site = Site.of(this.#configs.config, this.#settings)
    this.#transport = createTransport(new URL(identity.portal))
    this.#client = new PortalClient(identity, this.#transport, time)
    this.#gate = new Gate({ time })
    this.#intake = this.#makeIntake()
    this.#guard = this.#makeGuard()
    this.#poller = this.#makePoller()
    this.#meters = new MeterPoller({ emit: (sample) => this.#intake.add(sample), time, log })
    this.#strangers = new Strangers(this.#poller.schedule)
    this.#uploader = this.#makeUploader()
    this.#updater = this.#makeUpdater()
    this.#heartbeats = this.#makeHeartbeats()
    this.#scans = this.#makeScans()
  }

  /** Starts; rejects when something of ours is broken. */
  async run(): Promise<void> {
    this.#obey()
    const { signal } = this.#reading
    const reports = await this.#listen()
    try {
      this.#uploads = this.#uploader.run(this.#sending.signal)
      this.#runs = [
        this.#poller.run(signal),
        this.#meters.run(signal),
        this.#heartbeats.run(signal),
        this.#scans.run(signal),
        this.#flushing(signal),
      ]
      await Promise.all([...this.#runs, this.#uploads])
    } finally {
      reports?.close()
      this.#reading.abort()
      this.#sending.abort()
    }
  }

  /** Ends within ten seconds. What is not sent stays in the queue. */
  async stop(): Promise<void> {
    this.#reading.abort()
    const grace = new AbortController()
    await Promise.race([Promise.allSettled(this.#runs), this.#time.sleep(STOP_MS, grace.signal)])
    grace.abort()
    this.#intake.close()
    this.#sending.abort()
    await Promise.allSettled([this.#uploads])
    this.#transport.close()
    this.#queue.close()
    this.#registry.close()
  }

  /** When another version waits to be started. */
  get staged(): Promise<void> {
    return this.#staged.promise
  }

  get statusPort(): number {
    return this.#settings.statusPort
  }

  /** How it is, without anything secret. */
  status() {
    return statusOf(this.#self())
  }

  #self(): Self {
    return {
      identity: this.#identity,
      bootId: this.#bootId,
      startedAt: this.#startedAt,
      isSupervised: this.#options.isSupervised ?? false,
      time: this.#time,
      gate: this.#gate,
      heartbeats: this.#heartbeats,
      client: this.#client,
      configs: this.#configs,
      intake: this.#intake,
      queue: this.#queue,
      uploader: this.#uploader,
      poller: this.#poller,
      meters: this.#meters,
      strangers: this.#strangers,
      scans: this.#scans,
      updater: this.#updater,
      guard: this.#guard,
    }
  }

  /** Takes over what the config says now. */
  #obey(): void {
    const config = this.#configs.config
    this.#site = Site.of(config, this.#settings)
    if (config) {
      this.#poller.schedule.pace = { ...DEFAULT_PACE, pollMs: config.pollSeconds * 1000 }
      this.#poller.detailMs = config.detailSeconds * 1000
    }
    const ignored = new Set(config?.ignored)
    const miners = this.#registry.all().filter(({ key }) => !ignored.has(key))
    const homes = new Set(miners.filter(({ isGone }) => !isGone).map(({ ip }) => ip))
    this.#poller.setTargets(
      miners
        .filter(({ ip }) => this.#site.isAllowed(ip))
        .map((miner) => ({ ...miner, isHomeless: miner.isGone && homes.has(miner.ip) }))
    )
    this.#meters.setMeters((config?.meters ?? []).filter(({ ip }) => this.#site.isAllowed(ip)))
    this.#strangers.apply()
    this.#scans.wake()
  }

  async #flushing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#time.sleep(this.#options.flushMs ?? 5000, signal)
      this.#intake.flush()
    }
  }

  #listen() {
    if (!this.#settings.ipReports) return null
    const { log, ipReportPorts: ports } = this.#options
    return listenForButtons(log, {
      isAllowed: (ip) => this.#site.isAllowed(ip),
      onReport: ({ ip }) => this.#scans.look(ip),
      clock: this.#time.clock,
      ...(ports ? { ports } : {}),
    })
  }

  /** The portal may have taken a batch, but not all of its samples. */
  #hearTaken(claimed: Claimed, answer: BatchAnswer): void {
    const aside = this.#strangers.hear(claimed, answer)
    const [first] = aside
    if (!first) return
    const reason = `${first.field} ${first.reason}`
    this.#options.log('warn', `the portal kept ${aside.length} samples aside: ${reason}`)
  }

  #makeIntake(): Intake {
    return new Intake({
      queue: this.#queue,
      offsetMs: () => this.#client.offsetMs(),
      onStored: () => this.#uploader.wake(),
      onTrouble: (error) =>
        this.#options.log(
          'error',
          error ? `queue: ${error.message}` : 'the queue takes data again'
        ),
    })
  }

  #makePoller(): Poller<MinerTarget> {
    const { log, drivers } = this.#options
    const read = readerOf({
      drivers,
      clock: this.#time.clock,
      site: () => this.#site,
      credentialsFor: (ip, driver) => credentialsFor(this.#settings, ip, driver),
      onSomebodyElse: (ip) => this.#scans.look(ip),
      certificateOf: (key) => ({
        pinned: () => this.#registry.certificateOf(key),
        learn: (sha256) => this.#registry.pinCertificate(key, sha256),
      }),
      onRead: (target, record, act) => this.#guard.read(target, record, act),
    })
    return new Poller({ read, emit: (sample) => this.#intake.add(sample), time: this.#time, log })
  }

  #makeGuard(): Guard {
    return new Guard({
      policy: () => this.#configs.config?.safety ?? null,
      staleMs: () => 2 * this.#poller.schedule.pace.pollMs,
      known: () => this.#poller.counts.known,
      clock: this.#time.clock,
      log: this.#options.log,
      report: (events) => {
        this.#queue.addSafetyReport({ events })
        this.#uploader.wake()
      },
      load: () => this.#registry.note('safety'),
      save: (text) => this.#registry.setNote('safety', text),
    })
  }

  #makeUploader(): Uploader {
    return new Uploader({
      queue: this.#queue,
      client: this.#client,
      gate: this.#gate,
      time: this.#time,
      log: this.#options.log,
      onTaken: (claimed, answer) => this.#hearTaken(claimed, answer),
      onReported: ({ accepted }) => this.#strangers.accept(accepted),
    })
  }

  #makeHeartbeats(): Heartbeats {
    const { log, heartbeatMs } = this.#options
    return new Heartbeats({
      client: this.#client,
      gate: this.#gate,
      time: this.#time,
      log,
      configs: this.#configs,
      beat: () => beatOf(this.#self()),
      onConfig: () => this.#obey(),
      onAnswered: (signal) => this.#updater.reached(signal),
      ...(heartbeatMs ? { everyMs: heartbeatMs } : {}),
    })
  }

  #makeUpdater(): Updater {
    const { folder, log, isSupervised = false } = this.#options
    return new Updater({
      folder,
      version: VERSION,
      isSupervised,
      transport: this.#transport,
      log,
      order: () => this.#configs.config?.update ?? null,
      onStaged: () => this.#staged.resolve(),
    })
  }

  #makeScans(): Scans {
    const { log, drivers } = this.#options
    return new Scans({
      queue: this.#queue,
      registry: this.#registry,
      time: this.#time,
      log,
      site: () => this.#site,
      config: () => this.#configs.config,
      drivers,
      networks: this.#settings.networks,
      credentialsFor: (ip, driver) => credentialsFor(this.#settings, ip, driver),
      onChange: () => {
        this.#obey()
        this.#uploader.wake()
      },
    })
  }
}
