import type { TelemetryRecord } from '../../protocol/record.js'
import type { ActResult, Driver } from '../drivers/contract.js'
import { readMiner } from '../drivers/read_miner.js'
import { isSomebodyElse } from '../miners/key.js'
import type { Read, Target } from '../poll/poller.js'
import type { Act } from '../safety/guard.js'
import type { Credentials } from '../wire/contract.js'
import { type CertificateMemory, createWire } from '../wire/miner_wire.js'
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
  /** What is known of the certificate of a miner. */
  certificateOf: (key: string) => CertificateMemory
  /** A miner was read; `act` tells it something within the same turn. */
  onRead: (target: MinerTarget, record: TelemetryRecord, act: Act) => Promise<void>
}

/** Configuration pages of miners restart processes before they answer. */
const ACT_MS = 60_000

/**
 * Polls miners where they may be polled. Null: nobody was asked, or another machine answered, whose
 * numbers must not become this one's.
 */
export function readerOf(options: ReaderOptions): Read<MinerTarget> {
  const { drivers, clock, site, credentialsFor, onSomebodyElse, certificateOf, onRead } = options
  return async (target) => {
    const { key, ip, driver: name, isHomeless } = target
    const driver = drivers.find((one) => one.name === name)
    if (isHomeless || !driver || !site().isAllowed(ip)) return null
    const ports = site().rangeOf(ip)?.ports
    const way = {
      ip,
      credentials: credentialsFor(ip, name),
      certificate: certificateOf(key),
      ...(ports ? { ports } : {}),
    }
    const record = await readMiner(driver, createWire(way), clock)
    if (isSomebodyElse(key, record)) {
      onSomebodyElse(ip)
      return null
    }
    await onRead(target, record, async (type, before) =>
      driver.act && before.capabilities?.includes(type)
        ? driver.act(createWire({ ...way, deadlineMs: ACT_MS }), { type }, before)
        : CANNOT
    )
    return record
  }
}

const CANNOT: ActResult = {
  accepted: false,
  detail: 'its family has no such command, or there is no login for it',
}
