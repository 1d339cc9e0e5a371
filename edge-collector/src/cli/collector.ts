import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { BatchAnswer, Heartbeat } from '../../protocol/messages.js'
import type { Driver } from '../drivers/contract.js'
import { listenForReports } from '../discovery/ip_report.js'
import { Registry } from '../miners/registry.js'
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
import { isInUse } from '../store/database.js'
import { Intake } from '../store/intake.js'
import { Queue } from '../store/queue.js'
import type { Claimed } from '../store/claims.js'
import { readerOf, type MinerTarget } from './reader.js'
import { Scans } from './scans.js'
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
}

const STOP_MS = 6000
const MEGABYTE = 1024 * 1024

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
  readonly #uploader: Uploader
  readonly #heartbeats: Heartbeats
  readonly #scans: Scans
  readonly #identity
  readonly #bootId = randomUUID()
  readonly #startedAt: number
  readonly #strangers: Strangers
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
    this.#poller = this.#makePoller()
    this.#strangers = new Strangers(this.#poller.schedule)
    this.#uploader = this.#makeUploader()
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

  get statusPort(): number {
    return this.#settings.statusPort
  }

  /** How it is, without anything secret. */
  status() {
    const { name, collectorId, site, portal } = this.#identity
    return {
      version: VERSION,
      name,
      collectorId,
      site: site.name,
      portal,
      startedAt: new Date(this.#startedAt).toISOString(),
      portalTrouble: this.#gate.trouble,
      isRefused: this.#gate.isRefused,
      heartbeatAt: isoOf(this.#heartbeats.answeredAt),
      clockOffsetMs: this.#client.offsetMs(),
      configVersion: this.#configs.version,
      configTrouble: this.#heartbeats.configTrouble ?? this.#configs.damage,
      storageTrouble: this.#intake.trouble,
      queue: this.#queue.stats(),
      liveLagMs: this.#uploader.lagMs,
      miners: this.#poller.counts,
      strangers: this.#strangers.count,
      roundMs: this.#poller.round.roundMs,
      readErrors: this.#poller.bugs,
      isScanning: this.#scans.isScanning,
      lastScan: this.#scans.last,
    }
  }

  #beat(): Heartbeat {
    const { batches, bytes, oldestAt, droppedSamples } = this.#queue.stats()
    return {
      bootId: this.#bootId,
      version: VERSION,
      time: this.#time.clock(),
      startedAt: this.#startedAt,
      queue: { batches, bytes, oldestAt, droppedSamples },
      miners: this.#poller.counts,
      rssBytes: process.memoryUsage.rss(),
      configVersion: this.#configs.version,
      roundMs: this.#poller.round.roundMs,
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
    this.#strangers.apply()
    this.#scans.wake()
  }

  async #flushing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#time.sleep(this.#options.flushMs ?? 5000, signal)
      this.#intake.flush()
    }
  }

  /** Somebody else may listen there already; then scans must do. */
  async #listen() {
    if (!this.#settings.ipReports) return null
    const { log, ipReportPorts: ports } = this.#options
    try {
      return await listenForReports({
        isAllowed: (ip) => this.#site.isAllowed(ip),
        onReport: ({ ip }) => this.#scans.look(ip),
        clock: this.#time.clock,
        ...(ports ? { ports } : {}),
      })
    } catch (error) {
      log('warn', `no listener for the buttons of miners: ${(error as Error).message}`)
      return null
    }
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
    })
    return new Poller({ read, emit: (sample) => this.#intake.add(sample), time: this.#time, log })
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
      beat: () => this.#beat(),
      onConfig: () => this.#obey(),
      ...(heartbeatMs ? { everyMs: heartbeatMs } : {}),
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

const isoOf = (time: number | null) => (time === null ? null : new Date(time).toISOString())

function openStores(folder: string, megabytes: number, time: Time): [Queue, Registry] {
  try {
    const file = join(folder, 'queue.db')
    const queue = new Queue({ file, maxBytes: megabytes * MEGABYTE, clock: time.clock })
    return [queue, new Registry(join(folder, 'miners.db'), time.clock)]
  } catch (error) {
    if (!isInUse(error)) throw error
    throw new Refusal(`another collector runs in ${folder}`)
  }
}
