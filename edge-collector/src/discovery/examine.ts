import type { FoundMiner } from '../../protocol/messages.js'
import type { TelemetryRecord } from '../../protocol/record.js'
import type { Driver, Identity } from '../drivers/contract.js'
import { readMiner, type Clock } from '../drivers/read_miner.js'
import { createSession } from '../drivers/session.js'
import { keyOf, properMac } from '../miners/key.js'
import { cleanText } from '../values/text.js'
import { ASK_MS } from '../wire/cgminer.js'
import { type Credentials, DEFAULT_PORTS, type Ports, type Wire } from '../wire/contract.js'
import { createWire } from '../wire/miner_wire.js'
import { knock } from './knock.js'
import { probeAddress } from './probe.js'
import type { Listener } from './scan.js'

/** How the listeners of a range are looked at. */
export interface ExamineOptions {
  drivers: readonly Driver[]
  clock: Clock
  ports?: Partial<Ports>
  /** Only what an operator configured for these addresses; null: nobody logs in. */
  credentials?: Credentials | null
  /** The same where it depends on the address and the family; before `credentials`. */
  credentialsFor?: (ip: string, driver: string) => Credentials | null
  /** The last gate: other addresses are not contacted, whoever asks. */
  isAllowed(ip: string): boolean
}

/** Somebody listens there, so a lost packet is worth waiting for. */
const CONNECT_MS = 3000

/** A machine that was identified, with the poll that told its identity. */
export interface Examined {
  found: FoundMiner
  record: TelemetryRecord
}

/** Finds out who listens at an address: null when it is no miner that we know. */
export const examine = async (
  listener: Listener,
  options: ExamineOptions
): Promise<Examined | null> => {
  const { drivers, clock } = options
  const { ip } = listener
  if (!options.isAllowed(ip)) return null
  const ports = { ...DEFAULT_PORTS, ...options.ports }
  const target = { ip, ports, isOpen: listener, connectMs: CONNECT_MS, askMs: ASK_MS }
  const { claims } = await probeAddress(target, drivers)
  const wire = ({ name }: Driver) =>
    createWire({ ip, ports, credentials: loginFor(ip, name, options) })
  for (const claim of claims) {
    const driver = drivers.find(({ name }) => name === claim.driver)
    const identity = claim.isCertain ? claim : driver && (await confirm(driver, wire(driver)))
    // A driver can find out that its neighbour speaks to this machine better.
    const speaker = drivers.find(({ name }) => name === identity?.driver)
    if (!identity || !speaker) continue
    const record = await readMiner(speaker, wire(speaker), clock)
    return { found: toFound(speaker, identity, record), record }
  }
  return null
}

/** The same where nobody knocked yet. */
export const examineAddress = async (
  ip: string,
  options: ExamineOptions
): Promise<Examined | null> => {
  if (!options.isAllowed(ip)) return null
  const { rpc, http } = { ...DEFAULT_PORTS, ...options.ports }
  const isOpen = async (port: number) => (await knock(ip, port, CONNECT_MS)) === 'open'
  const [isRpc, isHttp] = await Promise.all([isOpen(rpc), isOpen(http)])
  return isRpc || isHttp ? examine({ ip, rpc: isRpc, http: isHttp }, options) : null
}

const loginFor = (ip: string, driver: string, options: ExamineOptions): Credentials | null =>
  options.credentialsFor?.(ip, driver) ?? options.credentials ?? null

const confirm = (driver: Driver, wire: Wire): Promise<Identity | null> =>
  driver.confirm(createSession(wire))

const toFound = (driver: Driver, identity: Identity, record: TelemetryRecord): FoundMiner => ({
  miner: keyOf(record, record.ip),
  ip: record.ip,
  mac: properMac(record.mac),
  serial: cleanText(record.serial_number, 120),
  driver: driver.name,
  make: cleanText(record.make ?? identity.make, 80),
  model: cleanText(record.model ?? identity.model, 120),
  firmwareFamily: cleanText(record.firmware_family ?? identity.firmware_family, 40),
  firmwareVersion: cleanText(record.firmware_version, 200),
  hostname: cleanText(record.hostname, 200),
  evidence: driver.evidence,
})
