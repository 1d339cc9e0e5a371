import type { Driver } from '../drivers/contract.js'
import { readMiner } from '../drivers/read_miner.js'
import { isSomebodyElse } from '../miners/key.js'
import type { Read, Target } from '../poll/poller.js'
import type { Credentials } from '../wire/contract.js'
import { createWire } from '../wire/miner_wire.js'
import type { Site } from './site.js'

export interface MinerTarget extends Target {
  driver: string
  /** Somebody else lives at its address now. */
  isHomeless: boolean
}

export interface ReaderOptions {
  drivers: readonly Driver[]
  clock: () => number
  site: () => Site
  credentialsFor: (ip: string, driver: string) => Credentials | null
  onSomebodyElse: (ip: string) => void
}

/**
 * Polls miners where they may be polled. Null: nobody was asked, or another machine answered, whose
 * numbers must not become this one's.
 */
export function readerOf(options: ReaderOptions): Read<MinerTarget> {
  const { drivers, clock, site, credentialsFor, onSomebodyElse } = options
  return async ({ key, ip, driver: name, isHomeless }) => {
    const driver = drivers.find((one) => one.name === name)
    if (isHomeless || !driver || !site().isAllowed(ip)) return null
    const ports = site().rangeOf(ip)?.ports
    const wire = createWire({
      ip,
      credentials: credentialsFor(ip, name),
      ...(ports ? { ports } : {}),
    })
    const record = await readMiner(driver, wire, clock)
    if (!isSomebodyElse(key, record)) return record
    onSomebodyElse(ip)
    return null
  }
}
