import { parseRange, toNumber } from '../../protocol/ranges.js'
import type { FoundMiner } from '../../protocol/messages.js'
import type { Driver } from '../drivers/contract.js'
import type { Time } from '../poll/time.js'
import { type Credentials, DEFAULT_PORTS, type Ports } from '../wire/contract.js'
import { examine } from './examine.js'
import { knock } from './knock.js'
import { addressesOf, AllowList } from './ranges.js'
import { scan, type ScanLimits, type ScanResult } from './scan.js'

/** How far a scan is. */
export interface ScanProgress {
  addresses: number
  /** At least once. */
  asked: number
  found: number
}

export interface ScanRangesOptions {
  /** `10.1.2.0/24`, `10.1.2.10-10.1.2.90` or one address. */
  ranges: readonly string[]
  /** Outside of these nobody is contacted, whatever the ranges say. */
  networks?: readonly string[]
  ports?: Partial<Ports>
  /** Only what an operator configured for these ranges. */
  credentials?: Credentials | null
  /** The same where it depends on the address and the family; before `credentials`. */
  credentialsFor?: (ip: string, driver: string) => Credentials | null
  drivers: readonly Driver[]
  time: Time
  /** Gives the order of the addresses. */
  seed: number
  signal: AbortSignal
  limits?: Partial<ScanLimits>
  onProgress?(progress: ScanProgress): void
  /** A bug of ours met this machine; without it the scan ends. */
  onFault?(ip: string, error: unknown): void
}

export interface FoundInRanges extends ScanResult<FoundMiner> {
  addresses: number
}

/**
 * Finds the miners of ranges that share their ports, in the order of their addresses. Throws
 * RangeError when there are too many addresses.
 */
export const scanRanges = async (options: ScanRangesOptions): Promise<FoundInRanges> => {
  const { drivers, time, signal, credentials, credentialsFor } = options
  const allowed = new AllowList(options.ranges, options.networks)
  const isAllowed = (ip: string) => allowed.isAllowed(ip)
  const spans = options.ranges.flatMap((text) => parseRange(text) ?? [])
  const addresses = addressesOf(spans, options.seed).filter(isAllowed)
  const ports = { ...DEFAULT_PORTS, ...options.ports }
  const asked = new Set<string>()
  let found = 0
  const tell = () => options.onProgress?.({ addresses: addresses.length, asked: asked.size, found })
  const result = await scan<FoundMiner>({
    addresses,
    ports,
    time,
    signal,
    limits: options.limits,
    onFault: options.onFault,
    knock: async (ip, port, ms) => {
      const answer = await knock(ip, port, ms)
      asked.add(ip)
      tell()
      return answer
    },
    examine: async (listener) => {
      const it = await examine(listener, {
        drivers,
        ports,
        credentials,
        credentialsFor,
        isAllowed,
        clock: time.clock,
      })
      if (it) found++
      tell()
      return it?.found ?? null
    },
  })
  return { ...result, found: result.found.toSorted(byAddress), addresses: addresses.length }
}

const byAddress = (a: FoundMiner, b: FoundMiner) => (toNumber(a.ip) ?? 0) - (toNumber(b.ip) ?? 0)
