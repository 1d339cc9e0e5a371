import type { EnrollAnswer } from './messages.js'

/** The file in the portal's folder that tells its demo process whom to play. Readable by its owner. */
export const DEMO_FILE = 'demo-fleet.json'

/** Simulated miners of one model at addresses that follow each other. */
export interface DemoGroup {
  /** Of the simulator's catalogue. */
  model: string
  count: number
  /** Its first address, on loopback. */
  base: string
  /** What its miners call their account at the pool. */
  worker: string
}

/** What the simulator plays besides miners. */
export type DeviceKindOfDemo = 'abb_meter' | 'microbt_container' | 'antspace_hk3'

/** A simulated meter or container; the machines that it feeds or cools follow each other. */
export interface DemoDevice {
  kind: DeviceKindOfDemo
  /** Its own address, on loopback. */
  ip: string
  /** The address of its first machine, and how many there are. */
  base: string
  count: number
  /** The devices of the portal that are units of it. */
  units: { unit: number; meter: string }[]
}

export interface DemoSite {
  /** Private key of the collector, PEM: a demo has nothing to protect. */
  key: string
  membership: Pick<EnrollAnswer, 'collectorId' | 'name' | 'site' | 'configKey'>
  /** Where its miners may be looked for. */
  groups: DemoGroup[]
  /** Absent: it has none. */
  devices?: DemoDevice[]
}

export interface DemoFleet {
  seed: number
  /** When the simulated sites began, unix milliseconds. */
  startAt: number
  /** `modbus` is there when a site has devices. */
  ports: { rpc: number; http: number; v3: number; modbus?: number }
  sites: DemoSite[]
}

/**
 * The MAC of the simulated miner at an address: locally administered, so that it is no real card's.
 */
export const simulatedMac = (ip: string): string =>
  ['02', '48', ...ip.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))]
    .join(':')
    .toUpperCase()
