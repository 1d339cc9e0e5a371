import type { Time } from '../poll/time.js'
import { Bell } from '../poll/time.js'
import type { Knocked } from './knock.js'
import { Concurrency, TokenBucket, Turnstile } from './throttle.js'

/** An address where somebody listens. */
export interface Listener {
  ip: string
  rpc: boolean
  http: boolean
}

export interface ScanLimits {
  concurrent: number
  connectionsPerSecond: number
  /** Machines that are spoken to at once. */
  talks: number
  connectMs: number
  retryMs: number
}

export const SCAN_LIMITS: ScanLimits = {
  concurrent: 1000,
  connectionsPerSecond: 4000,
  talks: 100,
  connectMs: 1000,
  retryMs: 3000,
}

export interface ScanOptions<T> {
  /** In this order. The caller checked that it may look there. */
  addresses: readonly string[]
  ports: { rpc: number; http: number }
  knock: (ip: string, port: number, ms: number) => Promise<Knocked>
  /** Finds out who it is; null: no miner. */
  examine: (listener: Listener) => Promise<T | null>
  /** A bug of ours met this machine: it costs this one, not the scan. Without it the scan ends. */
  onFault?: (ip: string, error: unknown) => void
  time: Time
  signal: AbortSignal
  limits?: Partial<ScanLimits>
}

export interface ScanResult<T> {
  found: T[]
  /** Addresses where something listens that is no miner. */
  others: number
  /** Addresses that stayed silent until the end. */
  silent: number
}

/** Knocks at all addresses, once more at the silent ones when the first round is over. */
export async function scan<T>(options: ScanOptions<T>): Promise<ScanResult<T>> {
  const limits = { ...SCAN_LIMITS, ...options.limits }
  const result: ScanResult<T> = { found: [], others: 0, silent: 0 }
  const run = new ScanRun(options, limits, result)
  const done = new AbortController()
  const watching = run.watchLag(done.signal)
  try {
    const silent = await run.round(options.addresses, limits.connectMs)
    const still = await run.round(silent, limits.retryMs)
    result.silent = still.length
  } finally {
    done.abort()
    await watching
  }
  return result
}

class ScanRun<T> {
  readonly #options: ScanOptions<T>
  readonly #result: ScanResult<T>
  readonly #concurrency: Concurrency
  readonly #bucket: TokenBucket
  readonly #talks: Turnstile
  readonly #bell = new Bell()
  #active = 0

  constructor(options: ScanOptions<T>, limits: ScanLimits, result: ScanResult<T>) {
    this.#options = options
    this.#result = result
    this.#concurrency = new Concurrency(limits.concurrent)
    this.#bucket = new TokenBucket(limits.connectionsPerSecond)
    this.#talks = new Turnstile(limits.talks)
  }

  /** Gives the addresses that stayed silent. */
  async round(addresses: readonly string[], connectMs: number): Promise<string[]> {
    const { signal, time } = this.#options
    const silent: string[] = []
    const visits = new Set<Promise<void>>()
    let failure: unknown
    for (const ip of addresses) {
      while (this.#active >= this.#concurrency.limit) await this.#bell.wait(time, 1000, signal)
      if (signal.aborted || failure) break
      this.#active++
      const visit = this.#visit(ip, connectMs, silent)
        .catch((error: unknown) => {
          failure = error
        })
        .finally(() => {
          this.#active--
          visits.delete(visit)
          this.#bell.ring()
        })
      visits.add(visit)
      await this.#paced()
    }
    await Promise.all(visits)
    if (failure) throw failure
    return silent
  }

  async watchLag(signal: AbortSignal): Promise<void> {
    const { time } = this.#options
    while (!signal.aborted) {
      const startedAt = time.monotonic()
      await time.sleep(LAG_MS, signal)
      if (!signal.aborted) this.#concurrency.observe(time.monotonic() - startedAt - LAG_MS)
    }
  }

  /** Two connections for each address. */
  async #paced(): Promise<void> {
    const { time, signal } = this.#options
    this.#bucket.take(time.monotonic())
    const waitMs = this.#bucket.take(time.monotonic())
    if (waitMs > 0) await time.sleep(waitMs, signal)
  }

  async #visit(ip: string, connectMs: number, silent: string[]): Promise<void> {
    const { knock, ports, examine, onFault } = this.#options
    const [rpc, http] = await Promise.all([
      knock(ip, ports.rpc, connectMs),
      knock(ip, ports.http, connectMs),
    ])
    if (rpc !== 'open' && http !== 'open') {
      if (rpc === 'silent' || http === 'silent') silent.push(ip)
      return
    }
    const listener = { ip, rpc: rpc === 'open', http: http === 'open' }
    const found = await this.#talks
      .through(() => examine(listener))
      .catch((error: unknown) => {
        if (!onFault) throw error
        onFault(ip, error)
        return null
      })
    if (found) this.#result.found.push(found)
    else this.#result.others++
  }
}

const LAG_MS = 50
