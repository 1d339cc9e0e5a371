import { toNumber } from '../../protocol/ranges.js'
import type { EdgeConfig, FoundMiner } from '../../protocol/messages.js'
import { reportsOf } from '../discovery/report.js'
import { type FoundInRanges, scanRanges } from '../discovery/scan_ranges.js'
import { examineAddress } from '../discovery/examine.js'
import type { Driver } from '../drivers/contract.js'
import { recognised } from '../miners/recognise.js'
import { describe } from '../values/text.js'
import type { Credentials } from '../wire/contract.js'
import type { Registry } from '../miners/registry.js'
import { Bell, type Log, type Time } from '../poll/time.js'
import { isStorageTrouble } from '../store/database.js'
import type { Queue } from '../store/queue.js'
import type { Site, SiteRange } from './site.js'

export interface ScansOptions {
  queue: Queue
  registry: Registry
  time: Time
  log: Log
  site: () => Site
  config: () => EdgeConfig | null
  drivers: readonly Driver[]
  /** Outside of these nobody is contacted, whatever the config says. */
  networks: readonly string[]
  credentialsFor: (ip: string, driver: string) => Credentials | null
  /** The registry or the queue changed. */
  onChange: () => void
}

const HOUR_MS = 3_600_000
const LOOK_MS = 10_000
const QUIET_MS = 600_000

/** Scans when it is time, when an operator asks and when ranges changed, one range after the other. */
export class Scans {
  readonly #options: ScansOptions
  readonly #bell = new Bell()
  readonly #wanted = new Map<string, number>()
  readonly #fresh = new Set<string>()
  /** What the last scan came to. */
  last: { at: number; addresses: number; found: number; seconds: number } | null = null
  isScanning = false

  constructor(options: ScansOptions) {
    this.#options = options
  }

  /** The config changed. */
  wake(): void {
    this.#bell.ring()
  }

  /** Somebody is, or is not any more, at this address: looks soon, and not again for a while. */
  look(ip: string): void {
    const now = this.#options.time.clock()
    if (now - (this.#wanted.get(ip) ?? -Infinity) < QUIET_MS) return
    if (this.#wanted.size > 10_000) this.#wanted.clear()
    this.#wanted.set(ip, now)
    this.#fresh.add(ip)
    this.#bell.ring()
  }

  async run(signal: AbortSignal): Promise<void> {
    const { time, log } = this.#options
    while (!signal.aborted) {
      try {
        if (this.#isDue()) await this.scanAll(signal)
        await this.#lookAtSingles(signal)
      } catch (error) {
        if (!isStorageTrouble(error)) throw error
        log('error', `scan: ${error.message}`)
      }
      await this.#bell.wait(time, LOOK_MS, signal)
    }
  }

  #isDue(): boolean {
    const { registry, config, site, time } = this.#options
    const told = config()
    if (!told || site().ranges.length === 0) return false
    if (told.scanRequest > Number(registry.note('scan_request') ?? 0)) return true
    if (registry.note('scan_ranges') !== site().fingerprint) return true
    const at = Number(registry.note('scan_at') ?? 0)
    return told.scanHours > 0 && time.clock() - at >= told.scanHours * HOUR_MS
  }

  /** All ranges. A scan that was broken off is due again. */
  async scanAll(signal: AbortSignal): Promise<void> {
    const { registry, config, site, time } = this.#options
    const [place, request] = [site(), config()?.scanRequest ?? 0]
    const startedAt = time.clock()
    this.isScanning = true
    try {
      const sums = { addresses: 0, found: 0 }
      for (const range of place.ranges) {
        const { addresses, found } = await this.#scanRange(range, signal)
        sums.addresses += addresses
        sums.found += found
        if (signal.aborted) return
      }
      registry.setNote('scan_request', String(request))
      registry.setNote('scan_ranges', place.fingerprint)
      registry.setNote('scan_at', String(startedAt))
      const seconds = Math.round((time.clock() - startedAt) / 1000)
      this.last = { at: startedAt, ...sums, seconds }
    } finally {
      this.isScanning = false
    }
  }

  async #scanRange(range: SiteRange, signal: AbortSignal) {
    const { time, log, drivers, networks, credentialsFor } = this.#options
    const startedAt = time.clock()
    try {
      const result = await scanRanges({
        ranges: [range.addresses],
        networks,
        ports: range.ports,
        drivers,
        credentialsFor,
        time,
        seed: startedAt,
        signal,
        onFault: (ip, error) => log('error', `scan at ${ip}: ${describe(error)}`),
      })
      if (result.addresses === 0) {
        log('warn', `${range.addresses} is outside of the networks of edge.json and not scanned`)
      } else if (!signal.aborted) this.#take(range, result, startedAt)
      return { addresses: result.addresses, found: result.found.length }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      log('error', `scan of ${range.addresses}: ${error.message}`)
      return { addresses: 0, found: 0 }
    }
  }

  #take(range: SiteRange, result: FoundInRanges, startedAt: number): void {
    const { first, last } = range.span
    this.#keep(range, {
      startedAt,
      addresses: result.addresses,
      found: result.found,
      isWhole: true,
      wasLookedAt: (ip) => isBetween(ip, first, last),
    })
    this.#options.log('info', `scan of ${range.addresses}: ${result.found.length} miners`)
  }

  /** For the registry, and for the portal. */
  #keep(range: SiteRange, result: Result): void {
    const { registry, queue, time, onChange } = this.#options
    const found = recognised(result.found, registry.all())
    registry.take(
      found.map((one) => ({ ...one, rangeId: range.id })),
      result.wasLookedAt
    )
    const { startedAt, addresses, isWhole } = result
    const finishedAt = time.clock()
    const scanned = { rangeId: range.id, startedAt, finishedAt, addresses, found, isWhole }
    for (const report of reportsOf(scanned)) queue.addReport(report)
    onChange()
  }

  async #lookAtSingles(signal: AbortSignal): Promise<void> {
    for (const ip of this.#fresh) {
      this.#fresh.delete(ip)
      if (!signal.aborted) await this.#lookAt(ip, signal)
    }
  }

  async #lookAt(ip: string, signal: AbortSignal): Promise<void> {
    const { site, time, log, drivers, credentialsFor } = this.#options
    const place = site()
    const range = place.rangeOf(ip)
    if (!range) return
    const startedAt = time.clock()
    const it = await examineAddress(ip, {
      drivers,
      clock: time.clock,
      ports: range.ports,
      credentialsFor,
      isAllowed: (address) => place.isAllowed(address),
    }).catch((error: unknown) => {
      log('error', `looking at ${ip}: ${describe(error)}`)
      return null
    })
    if (!it || signal.aborted) return
    // Never the end of a scan: nothing else is gone because of it.
    this.#keep(range, {
      startedAt,
      addresses: 1,
      found: [it.found],
      isWhole: false,
      wasLookedAt: () => false,
    })
  }
}

interface Result {
  startedAt: number
  addresses: number
  found: readonly FoundMiner[]
  isWhole: boolean
  wasLookedAt: (ip: string) => boolean
}

const isBetween = (ip: string, first: number, last: number): boolean => {
  const value = toNumber(ip)
  return value !== null && first <= value && value <= last
}
