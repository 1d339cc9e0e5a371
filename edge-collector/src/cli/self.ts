import type { Heartbeat } from '../../protocol/messages.js'
import { isConfined } from '../launch/permissions.js'
import type { MeterPoller } from '../meters/poller.js'
import type { Poller } from '../poll/poller.js'
import type { Strangers } from '../poll/strangers.js'
import type { Time } from '../poll/time.js'
import type { PortalClient } from '../portal/client.js'
import type { ConfigStore } from '../portal/config.js'
import type { Gate } from '../portal/gate.js'
import type { Heartbeats } from '../portal/heartbeat.js'
import type { Identity } from '../portal/identity.js'
import type { Uploader } from '../portal/uploader.js'
import type { Guard } from '../safety/guard.js'
import type { Intake } from '../store/intake.js'
import type { Queue } from '../store/queue.js'
import type { Updater } from '../update/updater.js'
import { noticesOf } from './notices.js'
import type { MinerTarget } from './reader.js'
import type { Scans } from './scans.js'
import { VERSION } from './version.js'

/** The parts of a collector that have something to say about it. */
export interface Self {
  identity: Identity
  bootId: string
  startedAt: number
  isSupervised: boolean
  time: Time
  gate: Gate
  heartbeats: Heartbeats
  client: PortalClient
  configs: ConfigStore
  intake: Intake
  queue: Queue
  uploader: Uploader
  poller: Poller<MinerTarget>
  meters: MeterPoller
  strangers: Strangers
  scans: Scans
  updater: Updater
  guard: Guard
}

/** How it is, for people at this machine; nothing secret. */
export const statusOf = (self: Self) => ({
  version: VERSION,
  name: self.identity.name,
  collectorId: self.identity.collectorId,
  site: self.identity.site.name,
  portal: self.identity.portal,
  startedAt: new Date(self.startedAt).toISOString(),
  portalTrouble: self.gate.trouble,
  isRefused: self.gate.isRefused,
  heartbeatAt: isoOf(self.heartbeats.answeredAt),
  clockOffsetMs: self.client.offsetMs(),
  configVersion: self.configs.version,
  configTrouble: configTroubleOf(self),
  storageTrouble: self.intake.trouble,
  queue: self.queue.stats(),
  liveLagMs: self.uploader.lagMs,
  miners: self.poller.counts,
  meters: self.meters.count,
  strangers: self.strangers.count,
  roundMs: self.poller.round.roundMs,
  readErrors: self.poller.bugs,
  isScanning: self.scans.isScanning,
  lastScan: self.scans.last,
  restingBySafety: self.guard.resting,
  update: self.updater.report,
  isConfined: isConfined(),
})

/** How it is, for the portal. */
export function beatOf(self: Self): Heartbeat {
  const { batches, bytes, oldestAt, droppedSamples } = self.queue.stats()
  return {
    bootId: self.bootId,
    version: VERSION,
    time: self.time.clock(),
    startedAt: self.startedAt,
    queue: { batches, bytes, oldestAt, droppedSamples },
    miners: self.poller.counts,
    rssBytes: process.memoryUsage.rss(),
    configVersion: self.configs.version,
    roundMs: self.poller.round.roundMs,
    update: self.updater.report,
    notices: troublesOf(self),
  }
}

const configTroubleOf = ({ heartbeats, configs }: Self) =>
  heartbeats.configTrouble ?? configs.damage

function troublesOf(self: Self) {
  const { bugs } = self.poller
  return noticesOf({
    config: configTroubleOf(self),
    storage: self.intake.trouble,
    reading: bugs === 0 ? null : `${bugs} polls ended in an error of the collector`,
    confinement:
      self.isSupervised && !isConfined() ? 'it runs without the permission model of Node' : null,
  })
}

const isoOf = (time: number | null) => (time === null ? null : new Date(time).toISOString())
