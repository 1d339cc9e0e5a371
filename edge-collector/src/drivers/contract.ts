import type { Capability, Problem, Reading } from '../../protocol/record.js'
import type { HttpAnswer, Json, JsonObject, Wire } from '../wire/contract.js'

/** How sure we are that a driver reads real machines right. */
export type Evidence = 'recorded' | 'constructed' | 'none'

/** What an address answers to the questions of a scan; null: refused, silent or no answer. */
export interface Probe {
  rpcVersion: JsonObject | null
  /** Asked only when `version` left the family open. */
  rpcDevdetails: JsonObject | null
  /** The port of the mining API speaks HTTP. */
  rpcIsHttp: boolean
  httpRoot: HttpAnswer | null
  /** The port of WhatsMiner V3 is open; null: not tried. */
  v3Open: boolean | null
}

/** A miner as far as identification says it; null parts are not known yet. */
export interface Identity {
  driver: string
  make: string | null
  firmware_family: string | null
  model: string | null
}

/** A family's claim to an address. */
export interface Claim extends Identity {
  /** Third-party firmware beats stock, an answer of the mining API beats a page. */
  score: number
  /** False: only a page hints at it; `confirm` must agree before it counts. */
  isCertain: boolean
}

/**
 * One poll of one miner. `ask` runs a question and, when it fails, notes the problem under its name
 * and gives null, so that a poll with three of four answers is a partial record and no failure.
 */
export interface Session {
  readonly wire: Wire
  readonly problems: readonly Problem[]
  ask<T>(name: string, question: () => Promise<T>): Promise<T | null>
  /** `ask` of a cgminer command. */
  rpc(command: string, parameter?: string): Promise<JsonObject | null>
  /** `ask` of a GET that answers JSON. */
  get(path: string, headers?: Record<string, string>): Promise<Json | null>
  /** Notes something that the answers themselves reveal. */
  note(problem: Problem): void
}

/** The commands, the same in every driver. */
export type MinerCommand =
  | { type: 'reboot' | 'restart_mining' | 'pause' | 'resume' }
  | { type: 'set_power_limit'; watts: number }
  | { type: 'set_power_mode'; mode: 'low' | 'normal' | 'high' }
  | { type: 'set_hashrate_target'; ths: number }
  | { type: 'set_profile'; name: string }
  | { type: 'set_pools'; pools: { url: string; user: string; password: string }[] }
  | { type: 'locate'; on: boolean }

/** Whether the miner took a command; null: the connection was lost after it was sent. */
export interface ActResult {
  accepted: boolean | null
  detail: string
  /** Why no reading will show whether it took effect; absent: reading again tells. */
  notConfirmable?: string
}

/** One family of miners with one way to speak to it. */
export interface Driver {
  /** Name of the folder; stable, it is stored. */
  name: string
  /** For people: "Braiins OS (REST)". */
  label: string
  evidence: Evidence
  /** The claims of this family to what a probe found, best first; none when it is somebody else. */
  claim(probe: Probe): Claim[]
  /** Asks one question that only this family answers. Null: it is no such miner. */
  confirm(session: Session): Promise<Identity | null>
  /** Everything that one poll tells. Asks through the session, so that failures become problems. */
  read(session: Session): Promise<Reading>
  /** What can be done on a miner of this family, as it was read and with these credentials. */
  capabilities(reading: Reading, hasCredentials: boolean): Capability[]
  /** Commands whose effect no answer of this family shows, and why. */
  notConfirmable?: Partial<Record<MinerCommand['type'], string>>
  /** Sends a command once; whether it took effect is found out by reading again. */
  act?(wire: Wire, command: MinerCommand, before: Reading): Promise<ActResult>
}
