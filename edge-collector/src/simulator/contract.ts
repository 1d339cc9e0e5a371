import type { MinerCommand } from '../drivers/contract.js'
import type { Credentials } from '../wire/contract.js'

/** A machine as it leaves the factory. Values of a row name their public source in `models.ts`. */
export interface Model {
  /** As the firmware writes it: "Antminer S19 Pro", "M50S++_VK20". */
  name: string
  /** The driver that reads it, which is the name of its face. */
  face: string
  hashrateThs: number
  /** At the wall, at the nameplate hashrate. */
  powerW: number
  boards: number
  chipsPerBoard: number
  fans: number
  /** Frequency and voltage of a board at the nameplate. */
  frequencyMhz: number
  boardVoltageV: number
}

export type PowerMode = 'low' | 'normal' | 'high'

/**
 * `booting`: the address refuses connections; `starting`: the API answers, nothing hashes yet;
 * `paused`: asleep on purpose; `tripped`: stopped itself, too hot.
 */
export type Phase = 'booting' | 'starting' | 'mining' | 'paused' | 'tripped'

export interface SimulatedBoard {
  /** From 0. */
  slot: number
  serial: string
  /** False: the fault took the whole board away; its numbers are 0. */
  isAlive: boolean
  chipsWorking: number
  hashrateThs: number
  hashrateAvgThs: number
  expectedThs: number
  pcbC: number
  chipC: number
  chipMinC: number
  chipMaxC: number
  frequencyMhz: number
  voltageV: number
  hardwareErrors: number
}

export interface SimulatedPool {
  url: string
  user: string
  password: string
  isAlive: boolean
  isActive: boolean
  accepted: number
  rejected: number
  stale: number
}

/** A fault that the machine itself notices; faces write it as their firmware does. */
export interface NoticedFault {
  kind: 'fan' | 'psu' | 'overheat' | 'board' | 'chips' | 'pool' | 'network'
  /** Of the board or the fan, where there is one. */
  slot: number | null
  /** Unix milliseconds on the miner's clock. */
  since: number
}

/** Everything about one miner at one moment of the virtual clock: what faces put into words. */
export interface Moment {
  /** Unix milliseconds on the miner's own clock, which a fault may set wrong. */
  at: number
  phase: Phase
  /** Over some seconds, with noise. */
  hashrateThs: number
  hashrateAvgThs: number
  /** What it should do now: boards alive, mode and limit counted. */
  expectedThs: number
  powerW: number
  powerLimitW: number | null
  /** What the tuner aims at, if not at watts. */
  hashrateTargetThs: number | null
  mode: PowerMode
  /** Name of the profile or preset in force, where the firmware has such. */
  profile: string | null
  inletC: number
  outletC: number
  boards: SimulatedBoard[]
  fans: { slot: number; rpm: number }[]
  /** Percent of what the fans can do. */
  fanPercent: number
  /** Of the mining process, in seconds. */
  elapsedS: number
  /** Of the control board. */
  uptimeS: number
  accepted: number
  rejected: number
  stale: number
  hardwareErrors: number
  difficulty: number
  pools: SimulatedPool[]
  faults: NoticedFault[]
  isLocating: boolean
  /** Names of the fields of this interface that a fault makes the firmware leave out of its answers. */
  missing: ReadonlySet<string>
}

/** A machine that answers: who it is for ever, how it is now, and what it is told. */
export interface SimulatedMiner {
  readonly index: number
  readonly ip: string
  /** Upper case with colons. */
  readonly mac: string
  readonly hostname: string
  readonly serial: string
  readonly model: Model
  readonly firmwareVersion: string
  /** The account that its API asks for; a fault may have changed the password. */
  readonly account: Credentials
  /** What the protocol must remember between requests: tokens, nonces, sessions. Lost at a reboot. */
  readonly memory: Map<string, unknown>
  now(): Moment
  /**
   * Does what an authorised command says and writes it to the log of commands. What a firmware does
   * not take its face refuses before. A fault may keep it without effect; the server drops the answer
   * where a fault says so.
   */
  order(command: MinerCommand): void
  /** Writes to the log of commands that somebody was not let in. */
  denied(command: string, reason: string): void
}

/** A request to the TCP port of the cgminer API, as its bytes came. */
export interface RpcRequest {
  /** The whole line, without NUL. */
  text: string
  /** Its JSON; null when it is none. */
  json: Record<string, unknown> | null
}

export interface FaceRequest {
  method: string
  /** With the query. */
  path: string
  /** Names in lower case. */
  headers: Record<string, string>
  body: string
}

export interface FaceReply {
  status: number
  headers?: Record<string, string>
  /** A string goes as it is, anything else becomes JSON. */
  body: unknown
}

/** One firmware family as the network sees it. Whatever it does not serve is refused by the server. */
export interface Face {
  /** The driver that reads it. */
  name: string
  /**
   * An answer of the cgminer API: the bytes as this firmware writes them, terminator included.
   * Null: it closes the connection without a word.
   */
  rpc?(miner: SimulatedMiner, request: RpcRequest): string | null
  /** HTTP on port 80. */
  http?(miner: SimulatedMiner, request: FaceRequest): FaceReply
  /** HTTP on the port of the cgminer API: ePIC. */
  rpcHttp?(miner: SimulatedMiner, request: FaceRequest): FaceReply
  /** WhatsMiner V3 on 4433: the message of a frame and its answer. */
  v3?(miner: SimulatedMiner, message: Record<string, unknown>): Record<string, unknown>
}
