import type { ProblemKind } from '../../protocol/record.js'

/** Where the APIs of a miner listen. Simulators and forwarded ports differ from the defaults. */
export interface Ports {
  /** cgminer API; ePIC speaks HTTP there. */
  rpc: number
  http: number
  https: number
  /** WhatsMiner V3. */
  v3: number
  /** REST beside the page: Auradine. */
  rest: number
}

export const DEFAULT_PORTS: Ports = { rpc: 4028, http: 80, https: 443, v3: 4433, rest: 8080 }

/** Only what an operator configured: nobody else's password is ever tried. */
export interface Credentials {
  user: string
  password: string
}

/** Why a question was not answered. */
export class WireError extends Error {
  readonly kind: ProblemKind
  constructor(kind: ProblemKind, detail: string) {
    super(detail)
    this.name = 'WireError'
    this.kind = kind
  }
}

/** Parsed JSON, of which nothing is known. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  /** Which port of the miner; `http` by default. `rpc` is ePIC. */
  port?: keyof Ports
  headers?: Record<string, string>
  /** A value becomes JSON, a string goes as it is. */
  body?: Json | string
  /** Digest or basic, after a challenge. */
  auth?: Credentials
  deadlineMs?: number
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  text: string
}

/**
 * The ways to ask one miner, under one deadline and over at most one connection at a time. Every
 * method throws WireError and nothing else.
 */
export interface Wire {
  readonly ip: string
  readonly ports: Ports
  readonly credentials: Credentials | null
  /** One question to the cgminer API. `api_error` when STATUS is E or F, except "No ASCs" (code 10). */
  rpc(command: string, parameter?: string): Promise<JsonObject>
  /** The same where the whole request object is given: encrypted writes. */
  rpcRaw(request: JsonObject): Promise<JsonObject>
  /** WhatsMiner V3; `api_error` when `code` is not 0. */
  v3(cmd: string, param?: Json, more?: JsonObject): Promise<JsonObject>
  /** Never follows a redirect, takes any status. */
  http(request: HttpRequest): Promise<HttpAnswer>
  /** `http`, of which 2xx with JSON is expected: 401 and 403 are `auth`, the rest `api_error`. */
  json(request: HttpRequest): Promise<Json>
}
