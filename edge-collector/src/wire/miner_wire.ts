import { ASK_MS, askCgminer, CONNECT_MS } from './cgminer.js'
import {
  type Credentials,
  DEFAULT_PORTS,
  type HttpAnswer,
  type Json,
  type Ports,
  type Wire,
  WireError,
} from './contract.js'
import { httpAsk } from './http.js'
import { parseJson } from './json_repair.js'
import { createLine } from './line.js'
import { ApiRefusal, judged } from './status.js'
import { askV3 } from './whatsminer_v3.js'

/** Which miner, and how patiently it is asked. */
export interface WireOptions {
  ip: string
  ports?: Partial<Ports>
  credentials?: Credentials | null
  /** Over TLS the certificate that was seen first is held on to; without this any is taken. */
  certificate?: CertificateMemory
  /** For the whole poll or command. */
  deadlineMs?: number
  /** For one question. */
  askMs?: number
  /** For one connection. */
  connectMs?: number
}

/** What is known of the certificate of one miner, which nobody but the miner signed. */
export interface CertificateMemory {
  /** SHA-256 as 64 hex digits; null before the first. */
  pinned(): string | null
  learn(sha256: string): void
}

/** A busy control board takes seconds for some answers. */
export const POLL_MS = 10_000
const NOT_FOUND = [404, 405, 501]

/** The ways to ask one miner. */
export const createWire = (options: WireOptions): Wire => {
  const { ip, credentials = null, askMs = ASK_MS } = options
  const ports = { ...DEFAULT_PORTS, ...options.ports }
  const line = createLine(options.deadlineMs ?? POLL_MS, options.connectMs ?? CONNECT_MS)

  const rpcRaw: Wire['rpcRaw'] = (request) =>
    line(ports.rpc, askMs, async (limits) =>
      judged(await askCgminer({ ip, port: ports.rpc, ...limits }, request))
    )
  const v3: Wire['v3'] = (cmd, param, more) => {
    const request = { cmd, ...(param === undefined ? {} : { param }), ...more }
    return line(ports.v3, askMs, async (limits) =>
      judged(await askV3({ ip, port: ports.v3, ...limits }, request))
    )
  }
  const http: Wire['http'] = (request) =>
    line(ports[request.port ?? 'http'], request.deadlineMs ?? askMs, async (limits) => {
      const pinned = options.certificate?.pinned() ?? null
      const target = { ip, ports, connectMs: limits.connectMs }
      const { certificateSha256: shown, ...answer } = await httpAsk(
        { ...target, ...(pinned === null ? {} : { pinnedSha256: pinned }) },
        { ...request, deadlineMs: limits.deadlineMs }
      )
      if (pinned === null && shown !== null) options.certificate?.learn(shown)
      return answer
    })
  const rpc: Wire['rpc'] = (command, parameter) =>
    rpcRaw(parameter === undefined ? { command } : { command, parameter })
  return { ip, ports, credentials, rpc, rpcRaw, v3, http, json: async (r) => toJson(await http(r)) }
}

const toJson = ({ status, text }: HttpAnswer): Json => {
  if (status === 401 || status === 403) throw new WireError('auth', `HTTP ${status}`)
  if (status < 200 || status > 299) {
    throw new ApiRefusal({ code: status, message: 'HTTP status' }, NOT_FOUND.includes(status))
  }
  if (text.trim() === '') throw new WireError('empty', 'an answer without content')
  const parsed = parseJson(text.trim())
  if (parsed.kind !== 'ok') throw new WireError(parsed.kind, 'no JSON where it was expected')
  return parsed.value
}
