import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import type { Face, FaceReply, FaceRequest, RpcRequest } from './contract.js'
import { bent, deliver, slowMs } from './delivery.js'
import { Doors, type Welcome } from './doors.js'
import type { WireFaultKind } from './faults.js'
import type { Fleet, Resident } from './fleet.js'
import { Machine } from './machine.js'
import { strangerBanner, strangerPage } from './strangers.js'

export interface SimulatorPorts {
  rpc: number
  http: number
  v3: number
}

export interface SimulatorServer {
  ports: SimulatorPorts
  /**
   * Refuses and is silent where the site does by now. Happens by itself a few times a second; whoever
   * moves the time waits for it.
   */
  settle(): Promise<void>
  close(): Promise<void>
}

const MOST_BODY = 1024 * 1024
const MOST_FRAME = 256 * 1024
const IDLE_MS = 60_000
const SETTLE_MS = 200

/**
 * Puts a fleet on the network of this machine. Each address has its own listener, so that empty
 * ones refuse as they do in life; a big fleet has one for all of loopback. Port 0 is any free one.
 */
export async function serveFleet(fleet: Fleet, wanted: SimulatorPorts): Promise<SimulatorServer> {
  const doors = new Doors({
    fleet,
    admit: (socket) => admit(fleet, socket),
    welcome: (ip, isApi) => welcomeAt(fleet.at(ip), isApi),
  })
  const http = createHttpServer((request, response) => void answerHttp(fleet, request, response))
  http.keepAliveTimeout = 5000
  const toHttp = (socket: Socket) => void http.emit('connection', socket)
  const onRpc = (socket: Socket) => {
    if (!faceAt(fleet, socket)?.rpcHttp) return serveRpc(fleet, socket)
    rpcSockets.add(socket)
    toHttp(socket)
  }
  try {
    const ports = {
      rpc: await doors.open(wanted.rpc, {
        isApi: true,
        has: (who) => (typeof who === 'string' ? who === 'ssh' : Boolean(who.rpc ?? who.rpcHttp)),
        handle: onRpc,
      }),
      http: await doors.open(wanted.http, {
        isApi: false,
        has: (who) => (typeof who === 'string' ? who !== 'ssh' : Boolean(who.http)),
        handle: toHttp,
      }),
      v3: await doors.open(wanted.v3, {
        isApi: true,
        has: (who) => typeof who !== 'string' && Boolean(who.v3),
        handle: (socket) => serveV3(fleet, socket),
      }),
    }
    await doors.settle()
    const timer = setInterval(() => void doors.settle(), SETTLE_MS).unref()
    const close = () => {
      clearInterval(timer)
      return doors.close()
    }
    return { ports, settle: () => doors.settle(), close }
  } catch (error) {
    await doors.close()
    throw error
  }
}

const ipOf = (socket: Socket) => (socket.localAddress ?? '').replace('::ffff:', '')
const residentAt = (fleet: Fleet, socket: Socket) => fleet.at(ipOf(socket))

const faceAt = (fleet: Fleet, socket: Socket): Face | null => {
  const resident = residentAt(fleet, socket)
  return resident instanceof Machine ? resident.face : null
}

/** Nobody home refuses, as does an API that is off. */
const welcomeAt = (resident: Resident, isApi: boolean): Welcome => {
  if (!(resident instanceof Machine)) return resident === null ? 'refused' : 'open'
  if (resident.wireFault === 'silent') return 'silent'
  return isGone(resident, isApi) ? 'refused' : 'open'
}

const busy = new WeakMap<Machine, number>()

/** Whether the connection may go on; faults of the way end it here. */
function admit(fleet: Fleet, socket: Socket): boolean {
  // A fleet that listens on all addresses of this machine still answers to itself only.
  if (!ipOf(socket).startsWith('127.')) return hangUp(socket)
  const resident = residentAt(fleet, socket)
  if (resident === null) return hangUp(socket)
  socket.setTimeout(IDLE_MS, () => socket.destroy())
  return resident instanceof Machine ? admitTo(resident, socket) : true
}

function admitTo(machine: Machine, socket: Socket): boolean {
  const fault = machine.wireFault
  const open = busy.get(machine) ?? 0
  const isFull = fault === 'one_connection' && open > 0
  if (machine.isDown || fault === 'refused' || isFull) return hangUp(socket)
  // Accepted by the system, heard by nobody.
  if (fault === 'silent') return false
  busy.set(machine, open + 1)
  socket.on('close', () => busy.set(machine, (busy.get(machine) ?? 1) - 1))
  return true
}

function hangUp(socket: Socket): false {
  socket.resetAndDestroy()
  return false
}

/** Faults of the way to it that do not touch an answer on its way back. */
const HARMLESS: ReadonlySet<WireFaultKind> = new Set(['slow', 'one_connection', 'api_off'])

/** Nobody hears what is said to it; `isApi`: on the port of the mining API. */
const isGone = (machine: Machine, isApi: boolean): boolean => {
  const fault = machine.wireFault
  return machine.isDown || fault === 'refused' || (isApi && fault === 'api_off')
}

/** Runs what a face does; whether the answer to it gets lost. */
function asked<T>(machine: Machine, run: () => T): { answer: T; isLost: boolean } {
  const before = machine.orders
  const answer = run()
  return { answer, isLost: machine.orders > before && machine.losesReply }
}

const waiting = (machine: Machine, then: () => void): void => {
  if (machine.wireFault !== 'slow') return then()
  setTimeout(then, slowMs(machine.random, machine.nextTick())).unref()
}

/** Reads once, as cgminer does: what comes in a second segment is lost. */
function serveRpc(fleet: Fleet, socket: Socket): void {
  const resident = residentAt(fleet, socket)
  if (!(resident instanceof Machine)) {
    const banner = resident && strangerBanner(resident)
    if (banner) socket.write(banner)
    return
  }
  const rpc = resident.face.rpc
  if (!rpc || resident.wireFault === 'api_off') return void hangUp(socket)
  socket.once('data', (bytes) => {
    const { answer, isLost } = asked(resident, () => rpc(resident, toRequest(bytes)))
    if (answer === null || isLost) return void socket.destroy()
    const fault = resident.wireFault
    waiting(resident, () => deliver(socket, Buffer.from(bent(answer, fault)), fault))
  })
}

function toRequest(bytes: Buffer): RpcRequest {
  const text = bytes.toString('utf8').replace(/[\0\r\n]+$/, '')
  try {
    const json: unknown = JSON.parse(text)
    const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
    return { text, json: isObject ? (json as Record<string, unknown>) : null }
  } catch {
    return { text, json: null }
  }
}

/** A length of four bytes, least first, then JSON; both ways. */
function serveV3(fleet: Fleet, socket: Socket): void {
  const machine = residentAt(fleet, socket)
  const v3 = machine instanceof Machine ? machine.face.v3 : undefined
  if (!(machine instanceof Machine) || !v3 || machine.wireFault === 'api_off') {
    return void hangUp(socket)
  }
  let received = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes])
    if (received.length < 4) return
    const length = received.readUInt32LE()
    if (length > MOST_FRAME) return void socket.destroy()
    if (received.length < 4 + length) return
    const { json } = toRequest(received.subarray(4, 4 + length))
    received = received.subarray(4 + length)
    const { answer, isLost } = asked(machine, () => v3(machine, json ?? {}))
    if (isLost) return void socket.destroy()
    const fault = machine.wireFault
    const body = Buffer.from(bent(JSON.stringify(answer), fault))
    const head = Buffer.alloc(4)
    head.writeUInt32LE(body.length)
    waiting(machine, () => deliver(socket, Buffer.concat([head, body]), fault))
  })
}

async function answerHttp(fleet: Fleet, request: IncomingMessage, response: ServerResponse) {
  const { socket } = request
  const resident = residentAt(fleet, socket)
  if (resident === null) return void socket.destroy()
  const given = await toFaceRequest(request)
  if (given === null) return void socket.destroy()
  if (!(resident instanceof Machine)) {
    const reply = strangerPage(resident, given)
    return reply ? write(response, reply) : void socket.destroy()
  }
  const face = resident.face
  const isApi = rpcSockets.has(socket)
  const serve = isApi ? face.rpcHttp : face.http
  // A connection may be older than what befell the machine since.
  if (!serve || isGone(resident, isApi)) return void socket.destroy()
  if (resident.wireFault === 'silent') return
  const { answer, isLost } = asked(resident, () => serve(resident, given))
  if (isLost) return void socket.destroy()
  const fault = resident.wireFault
  waiting(resident, () => {
    if (fault === null || HARMLESS.has(fault)) {
      return write(response, answer)
    }
    deliver(socket, rawOf(answer, bent(textOf(answer), fault)), fault)
  })
}

/** ePIC has its API where others have that of cgminer, and a page on port 80. */
const rpcSockets = new WeakSet<Socket>()

async function toFaceRequest(request: IncomingMessage): Promise<FaceRequest | null> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of request) {
      size += (part as Buffer).length
      if (size > MOST_BODY) return null
      parts.push(part as Buffer)
    }
  } catch {
    // The client left; there is nobody to answer.
    return null
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  )
  const { method = 'GET', url = '/' } = request
  return { method, path: url, headers, body: Buffer.concat(parts).toString('utf8') }
}

const textOf = ({ body }: FaceReply) => (typeof body === 'string' ? body : JSON.stringify(body))
const typeOf = ({ body }: FaceReply) =>
  typeof body === 'string' ? 'text/html' : 'application/json'

function write(response: ServerResponse, reply: FaceReply): void {
  const text = textOf(reply)
  response.writeHead(reply.status, {
    'content-type': typeOf(reply),
    'content-length': Buffer.byteLength(text),
    ...reply.headers,
  })
  response.end(text)
}

/** The same as bytes, for faults that need them. */
const rawOf = (reply: FaceReply, text: string): Buffer =>
  Buffer.from(
    `HTTP/1.1 ${reply.status} OK\r\ncontent-type: ${typeOf(reply)}\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`
  )
