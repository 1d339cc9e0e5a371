import type { Claim, Driver, Probe } from '../drivers/contract.js'
import { asObject } from '../values/json.js'
import { IDLE_MS, MAX_BYTES, parseBytes } from '../wire/cgminer.js'
import { type HttpAnswer, type Ports, WireError } from '../wire/contract.js'
import { httpAsk } from '../wire/http.js'
import { exchange } from '../wire/tcp.js'
import { identify } from './identify.js'
import { knock } from './knock.js'
import { SCORES } from './marks.js'

/** Whom to ask, and how patiently. */
export interface ProbeTarget {
  ip: string
  ports: Ports
  /** Where somebody listens; the other one is not asked. */
  isOpen: { rpc: boolean; http: boolean }
  connectMs: number
  /** For one answer. */
  askMs: number
}

/** What an address answered, and who claims it for that, the best claim first. */
export interface Probed {
  probe: Probe
  claims: Claim[]
}

/** What came over the port of the mining API: nothing from who is closed or waits for more. */
type RpcReply = Buffer | null

const HTTP = Buffer.from('HTTP/')

/**
 * The questions of a scan to one address. The port of the page never decides alone: stock firmware
 * can have either closed. Nobody logs in here.
 */
export const probeAddress = async (
  target: ProbeTarget,
  drivers: readonly Driver[]
): Promise<Probed> => {
  const { isOpen } = target
  const [spoken, httpRoot] = await Promise.all([
    isOpen.rpc ? askVersion(target) : {},
    isOpen.http ? askRoot(target, 'http') : null,
  ])
  const probe: Probe = { ...NOTHING, ...spoken, httpRoot }
  if (isOpen.rpc && !probe.rpcIsHttp && isUndecided(identify(probe, drivers))) {
    probe.rpcDevdetails = toObject(await askRpc(target, 'devdetails'))
  }
  const claims = identify(probe, drivers)
  if (!isUndecided(claims) && claims[0]?.driver !== 'whatsminer') return { probe, claims }
  probe.v3Open = (await knock(target.ip, target.ports.v3, target.connectMs)) === 'open'
  return { probe, claims: identify(probe, drivers) }
}

const NOTHING: Probe = {
  rpcVersion: null,
  rpcDevdetails: null,
  rpcIsHttp: false,
  httpRoot: null,
  v3Open: null,
}

/** Nobody but the family of last resort is sure. */
const isUndecided = (claims: readonly Claim[]) =>
  !claims.some(({ isCertain, score }) => isCertain && score > SCORES.genericApi)

/**
 * An HTTP server either complains about the question or waits for the rest of it. A busy miner drops
 * a connection now and then: whoever said nothing at all is asked once more.
 */
const askVersion = async (target: ProbeTarget): Promise<Partial<Probe>> => {
  const reply = await askRpc(target, 'version')
  if (reply?.subarray(0, HTTP.length).equals(HTTP)) return { rpcIsHttp: true }
  if (reply) return { rpcVersion: toObject(reply) }
  if (await askRoot(target, 'rpc')) return { rpcIsHttp: true }
  return { rpcVersion: toObject(await askRpc(target, 'version')) }
}

const toObject = (reply: RpcReply) => {
  const parsed = reply && parseBytes(reply)
  return parsed instanceof WireError ? null : asObject(parsed)
}

const askRpc = async (
  { ip, ports, connectMs, askMs }: ProbeTarget,
  command: string
): Promise<RpcReply> => {
  const received = await answerOf(
    exchange({
      ip,
      port: ports.rpc,
      payload: Buffer.from(JSON.stringify({ command })),
      connectMs,
      deadlineMs: askMs,
      idleMs: IDLE_MS,
      maxBytes: MAX_BYTES,
      endsWith: (chunk) => chunk.includes(0),
      isWhole: (bytes) => !(parseBytes(bytes) instanceof WireError),
    })
  )
  return received && received.bytes.length > 0 ? received.bytes : null
}

const askRoot = (
  { ip, ports, connectMs, askMs }: ProbeTarget,
  port: 'http' | 'rpc'
): Promise<HttpAnswer | null> =>
  answerOf(httpAsk({ ip, ports, connectMs }, { path: '/', port, deadlineMs: askMs }))

/** Null when the wire failed: that is what an address says that is no miner. */
const answerOf = async <T>(question: Promise<T>): Promise<T | null> => {
  try {
    return await question
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}
