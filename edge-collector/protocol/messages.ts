import { type Check, flag, integer, list, number, object, oneOf, optional, text } from './check.js'
import { checkMeterPlace, type MeterConfig, type MeterSample } from './meters.js'
import { checkNotices, type Notice } from './notices.js'
import { checkSafetyPolicy, type SafetyPolicy } from './safety.js'
import { MINER_KEY, type Sample } from './sample.js'
import {
  checkUpdateOrder,
  checkUpdateReport,
  type UpdateOrder,
  type UpdateReport,
} from './updates.js'

/** Where the portal listens to collectors. */
export const EDGE_PATH = '/edge/v1'

/**
 * The kind of every body that a collector sends: JSON, perhaps gzip or zstd by Content-Encoding. A
 * name of its own keeps general parsers off it: the signature is over the bytes as they came.
 */
export const CONTENT_TYPE = 'application/vnd.hashinsight.edge+json'

export const LIMITS = {
  /** Of a request, as it comes over the wire. */
  bodyBytes: 4 * 1024 * 1024,
  /** After inflating. */
  inflatedBytes: 32 * 1024 * 1024,
  samplesPerBatch: 2000,
  foundPerReport: 5000,
  metersPerSite: 500,
  /** Samples from further ahead are quarantined. */
  futureMs: 300_000,
  /** Samples from further back are refused: their day is closed. */
  pastMs: 7 * 86_400_000,
  /** A request signed at another time than now, give or take this, is refused. */
  signatureSkewMs: 300_000,
} as const

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const uuid = () => text(36, UUID)
const time = () => integer(1_500_000_000_000, 4_102_444_800_000)
const count = () => integer(0, Number.MAX_SAFE_INTEGER)
const name = (max: number) => optional(text(max))

/** Asks for membership with a code that somebody read out. The key pair was born at the site. */
export interface EnrollRequest {
  code: string
  /** Raw Ed25519 public key, 32 bytes in base64url. */
  publicKey: string
  version: string
  hostname: string | null
}

/** `ABCD-EFGH`: without letters and digits that look alike. */
export const CODE = /^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/

export const checkEnroll: Check = object({
  code: text(9, CODE),
  publicKey: text(43, /^[\w-]{43}$/),
  version: text(40),
  hostname: name(200),
})

export interface EnrollAnswer {
  collectorId: string
  name: string
  site: { id: string; name: string; timeZone: string }
  /** Raw Ed25519 public key of the tenant's config, pinned by the collector for good. */
  configKey: string
  /** Milliseconds since 1970. */
  time: number
}

/** How a collector is; apart from data, so that "collector down" is not "miners down". */
export interface Heartbeat {
  /** New at each start of the collector. */
  bootId: string
  version: string
  /** The collector's clock. */
  time: number
  startedAt: number
  queue: {
    batches: number
    bytes: number
    oldestAt: number | null
    /** Samples that were thinned out or dropped since the queue was made. */
    droppedSamples: number
  }
  miners: { known: number; answering: number }
  rssBytes: number
  configVersion: number
  /** Milliseconds that the last whole round of polls took; null before the first. */
  roundMs: number | null
  /** What became of the version that was ordered; null without an order. */
  update?: UpdateReport | null
  /** What is wrong with the collector itself, now. */
  notices?: Notice[]
}

export const checkHeartbeat: Check = object({
  bootId: uuid(),
  version: text(40),
  time: time(),
  startedAt: time(),
  queue: object({
    batches: count(),
    bytes: count(),
    oldestAt: optional(time()),
    droppedSamples: count(),
  }),
  miners: object({ known: count(), answering: count() }),
  rssBytes: count(),
  configVersion: count(),
  roundMs: optional(count()),
  update: optional(checkUpdateReport),
  notices: optional(checkNotices),
})

export interface HeartbeatAnswer {
  /** The portal's clock, milliseconds since 1970. */
  time: number
  configVersion: number
}

/**
 * Samples with a number: `(collector, bootId, seq)` is taken once, whatever is sent again. `seq`
 * begins at 1 at each boot of the queue and has no gaps.
 */
export interface Batch {
  bootId: string
  seq: number
  /** The collector's clock when it sent this. */
  sentAt: number
  /** Portal's clock minus collector's, as the collector estimates it; null: not yet known. */
  offsetMs: number | null
  /** Held back by an outage: must not delay live data. */
  isBackfill: boolean
  samples: Sample[]
  /** Of power meters and sensors; a collector of before they were there sends none. */
  meters?: MeterSample[]
}

/** The envelope; samples are checked one by one, so that a bad one does not spoil the rest. */
export const checkBatch: Check = object({
  bootId: uuid(),
  seq: integer(1, Number.MAX_SAFE_INTEGER),
  sentAt: time(),
  offsetMs: optional(number(-1e12, 1e12)),
  isBackfill: flag(),
  samples: list(() => null, LIMITS.samplesPerBatch),
  meters: optional(list(() => null, LIMITS.samplesPerBatch)),
})

export interface BatchAnswer {
  /** The highest number of this boot up to which everything has arrived. */
  ackSeq: number
  /** Samples of this batch that were kept aside, and why. */
  quarantined: { index: number; field: string; reason: string; of?: 'meters' }[]
}

/** A machine that a scan found. */
export interface FoundMiner {
  miner: string
  ip: string
  mac: string | null
  serial: string | null
  driver: string
  make: string | null
  model: string | null
  firmwareFamily: string | null
  firmwareVersion: string | null
  hostname: string | null
  /** Whether the driver was ever verified on an answer of real hardware. */
  evidence: 'recorded' | 'constructed' | 'none'
}

export interface DiscoveryReport {
  scanId: string
  startedAt: number
  finishedAt: number
  addresses: number
  /** Null: an address of no range. */
  rangeId: string | null
  /** More of this scan follow in other reports. */
  isPartial: boolean
  found: FoundMiner[]
}

/** What the portal made of a report of a scan. */
export interface DiscoveryAnswer {
  /** Keys of machines that are ours now. */
  accepted: string[]
}

const found = object({
  miner: text(126, MINER_KEY),
  ip: text(45, /^[0-9A-Fa-f.:]{2,45}$/),
  mac: name(17),
  serial: name(120),
  driver: text(40, /^[a-z][a-z0-9_]*$/),
  make: name(80),
  model: name(120),
  firmwareFamily: name(40),
  firmwareVersion: name(200),
  hostname: name(200),
  evidence: oneOf(['recorded', 'constructed', 'none']),
})

export const checkDiscovery: Check = object({
  scanId: uuid(),
  startedAt: time(),
  finishedAt: time(),
  addresses: count(),
  rangeId: optional(uuid()),
  isPartial: flag(),
  found: list(found, LIMITS.foundPerReport),
})

/** What a site's collector is told to do. */
export interface EdgeConfig {
  /** Never goes back. */
  version: number
  collectorId: string
  /** Where it may look, and nowhere else. */
  ranges: {
    id: string
    /** `10.1.2.0/24` or `10.1.2.10-10.1.2.90`. */
    addresses: string
    ports: { rpc?: number; http?: number; https?: number; v3?: number; rest?: number }
  }[]
  /** Seconds between polls of one miner. */
  pollSeconds: number
  /** Seconds between samples with boards, pools and faults. */
  detailSeconds: number
  /** Hours between scans of all ranges; 0: only when asked. */
  scanHours: number
  /** Raised when an operator asks for a scan now. */
  scanRequest: number
  /** Keys of machines that are not to be read. */
  ignored: string[]
  /** The version to run; without one it stays with what it is. */
  update?: UpdateOrder | null
  /** What it may do by itself; without one it does nothing. */
  safety?: SafetyPolicy | null
  /** Meters, sensors, PDUs and containers; absent: none. */
  meters?: MeterConfig[]
}

const port = () => optional(integer(1, 65_535))

export const checkConfig: Check = object({
  version: integer(1, Number.MAX_SAFE_INTEGER),
  collectorId: uuid(),
  ranges: list(
    object({
      id: uuid(),
      addresses: text(100),
      ports: object({ rpc: port(), http: port(), https: port(), v3: port(), rest: port() }),
    }),
    1000
  ),
  pollSeconds: integer(5, 3600),
  detailSeconds: integer(15, 86_400),
  scanHours: integer(0, 8760),
  scanRequest: count(),
  ignored: list(text(126, MINER_KEY), 100_000),
  update: optional(checkUpdateOrder),
  safety: optional(checkSafetyPolicy),
  meters: optional(list(checkMeterPlace, LIMITS.metersPerSite)),
})

/** A config as it travels: the very bytes that were signed. */
export interface SignedConfig {
  /** JSON of EdgeConfig as base64url. */
  payload: string
  /** Ed25519 over `hashinsight-config/1\n` and the bytes of the payload, base64url. */
  signature: string
}

export const checkSignedConfig: Check = object({
  payload: text(8_000_000, /^[\w-]*$/),
  signature: text(86, /^[\w-]{86}$/),
})
