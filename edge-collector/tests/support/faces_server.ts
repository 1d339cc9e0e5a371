import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { TelemetryRecord } from '../../protocol/record.js'
import { type Examined, examineAddress } from '../../src/discovery/examine.js'
import type { ActResult, Driver, MinerCommand } from '../../src/drivers/contract.js'
import { readMiner } from '../../src/drivers/read_miner.js'
import { DRIVERS } from '../../src/drivers/registry.js'
import type { Face, FaceReply, FaceRequest, SimulatedMiner } from '../../src/simulator/contract.js'
import type { Credentials, Ports, Wire } from '../../src/wire/contract.js'
import { createWire } from '../../src/wire/miner_wire.js'
import { closed, listen as listenHttp } from './fixture_server.js'
import { closeAll, listen, serveV3 } from './tcp_fixtures.js'

/** Nobody listens there. */
const REFUSED = 1

/** A machine behind a face on ports of loopback, and what our collector makes of it. */
export interface Served<M extends SimulatedMiner> {
  machine: M
  ports: Ports
  wire(credentials?: Credentials | null): Wire
  /** As a scan meets it. */
  scan(credentials?: Credentials | null): Promise<Examined | null>
  read(credentials?: Credentials | null): Promise<TelemetryRecord>
  act(command: MinerCommand, credentials?: Credentials | null): Promise<ActResult>
  close(): Promise<void>
}

export const serveFace = async <M extends SimulatedMiner>(
  face: Face,
  machine: M
): Promise<Served<M>> => {
  const tcp: Server[] = []
  const web: HttpServer[] = []
  const ports: Ports = { rpc: REFUSED, http: REFUSED, https: REFUSED, v3: REFUSED, rest: REFUSED }
  const openTcp = async (serve: (socket: Socket) => void) => portOf(await kept(tcp, listen(serve)))
  const openWeb = async (answer: (request: FaceRequest) => FaceReply) =>
    portOf(
      await kept(
        web,
        listenHttp((...given) => respond(answer, ...given))
      )
    )
  if (face.rpc) ports.rpc = await openTcp((socket) => speakRpc(socket, face, machine))
  if (face.rpcHttp) ports.rpc = await openWeb((request) => face.rpcHttp!(machine, request))
  if (face.http) ports.http = await openWeb((request) => face.http!(machine, request))
  if (face.v3) ports.v3 = await openTcp((s) => serveV3(s, (message) => face.v3!(machine, message)))
  const driver = DRIVERS.find(({ name }) => name === face.name)!
  return around(driver, machine, ports, async () => {
    await Promise.all([closeAll(tcp), ...web.map(closed)])
  })
}

const around = <M extends SimulatedMiner>(
  driver: Driver,
  machine: M,
  ports: Ports,
  close: () => Promise<void>
): Served<M> => {
  const wire = (credentials: Credentials | null = machine.account) =>
    createWire({ ip: machine.ip, ports, credentials, deadlineMs: 5000 })
  const read = (credentials?: Credentials | null) => readMiner(driver, wire(credentials), Date.now)
  return {
    machine,
    ports,
    wire,
    read,
    scan: (credentials = machine.account) =>
      examineAddress(machine.ip, {
        drivers: DRIVERS,
        clock: Date.now,
        ports,
        credentials,
        isAllowed: () => true,
      }),
    act: async (command, credentials) =>
      driver.act!(wire(credentials), command, await read(machine.account)),
    close,
  }
}

const kept = async <T>(servers: T[], opening: Promise<T>): Promise<T> => {
  const server = await opening
  servers.push(server)
  return server
}

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

/** One question, one answer, as cgminer does. */
const speakRpc = (socket: Socket, face: Face, machine: SimulatedMiner) =>
  socket.once('data', (bytes) => {
    const text = bytes.toString().replace(/\0/g, '').trim()
    const answer = face.rpc!(machine, { text, json: parsed(text) })
    if (answer === null) socket.end()
    else socket.end(answer)
  })

const parsed = (text: string): Record<string, unknown> | null => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const respond = (
  answer: (request: FaceRequest) => FaceReply,
  request: IncomingMessage,
  response: ServerResponse,
  body: string
) => {
  const { method = 'GET', url = '/' } = request
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  )
  const reply = answer({ method, path: url, headers, body })
  const isText = typeof reply.body === 'string'
  response.writeHead(reply.status, {
    'content-type': isText ? 'text/html' : 'application/json',
    ...reply.headers,
  })
  response.end(isText ? reply.body : JSON.stringify(reply.body))
}
