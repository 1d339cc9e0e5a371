import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { toFrame } from '../../src/wire/whatsminer_v3.js'

/** An entry of a manifest; only the transports that are served here matter. */
export interface TcpExchange {
  transport: string
  request?: any
  file: string
}

/** What was started; absent: the fixture has no such port, it refuses. */
export interface TcpFixtures {
  rpc?: number
  v3?: number
  close(): Promise<void>
}

/**
 * Serves the recorded answers of a folder on ephemeral ports of 127.0.0.1, as cgminer does (reads
 * once, answers with a NUL, closes) and as WhatsMiner V3 does (frames).
 */
export const serveTcpExchanges = async (
  manifestFolder: string,
  exchanges: readonly TcpExchange[]
): Promise<TcpFixtures> => {
  const answerOf = (exchange: TcpExchange | undefined) =>
    exchange && JSON.parse(readFileSync(resolve(manifestFolder, exchange.file), 'utf8'))
  const of = (transport: string) => exchanges.filter((entry) => entry.transport === transport)
  const rpcExchanges = of('cgminer-tcp')
  const v3Exchanges = of('whatsminer-v3')

  const answerRpc = (request: any) =>
    answerOf(rpcExchanges.find((entry) => isAsked(entry.request, request))) ??
    (v3Exchanges.length > 0
      ? whatsminerRpc(request, answerV3({ cmd: 'get.device.info' }))
      : null) ??
    invalidCommand()
  const answerV3 = (request: any) =>
    answerOf(v3Exchanges.find((entry) => isAsked(entry.request, request))) ?? {
      code: -1,
      msg: 'invalid command',
      desc: String(request?.cmd),
    }

  const servers: Server[] = []
  const start = async (serve: (socket: Socket) => void) => {
    const server = await listen(serve)
    servers.push(server)
    return (server.address() as AddressInfo).port
  }
  const hasRpc = rpcExchanges.length + v3Exchanges.length > 0
  const rpc = hasRpc ? await start((socket) => serveRpc(socket, answerRpc)) : undefined
  const v3 = v3Exchanges.length > 0 ? await start((s) => serveV3(s, answerV3)) : undefined
  return { rpc, v3, close: () => closeAll(servers) }
}

/** A server on an ephemeral port of loopback. */
export const listen = (serve: (socket: Socket) => void): Promise<Server> =>
  new Promise((done) => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      serve(socket)
    })
    server.listen(0, '127.0.0.1', () => done(server))
  })

/** Closes servers whose clients have hung up. */
export const closeAll = async (servers: readonly Server[]) => {
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
}

/** Reads once, like cgminer: what comes in a second segment is lost. */
export const serveRpc = (socket: Socket, answer: (request: any) => unknown) =>
  socket.once('data', (bytes) => {
    const request = parsed(bytes)
    socket.end(`${JSON.stringify(request ? answer(request) : invalidJson())}\0`)
  })

/** One frame in, one frame out. */
export const serveV3 = (socket: Socket, answer: (request: any) => any) => {
  let received = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes])
    if (received.length < 4 || received.length < 4 + received.readUInt32LE()) return
    socket.end(toFrame(answer(parsed(received.subarray(4)))))
  })
}

const parsed = (bytes: Buffer): any => {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return null
  }
}

/** `<ts>` and the like in a recorded parameter stand for anything. */
const isAsked = (recorded: any, request: any): boolean =>
  Object.entries(recorded ?? {}).every(([key, value]) =>
    isLike(String(value), String(request?.[key] ?? ''))
  ) &&
  (recorded.parameter !== undefined || request.parameter === undefined) &&
  (recorded.param !== undefined || request.param === undefined)

const isLike = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/<\w+>/g, '.+')}$`).test(
    text
  )

const status = (Code: number, Msg: string) => ({
  STATUS: [{ STATUS: 'E', When: 0, Code, Msg, Description: 'fixture' }],
  id: 1,
})
const invalidCommand = () => status(14, 'Invalid command')
const invalidJson = () => status(23, 'Invalid JSON')

/** A WhatsMiner V3 answers these two on 4028 as its family does; they were not recorded. */
const whatsminerRpc = (request: any, info: any) => {
  if (request.command !== 'devdetails') return null
  const device = { DEVDETAILS: 0, Name: 'SM', ID: 0, Driver: 'bitmicro', Kernel: '' }
  return {
    STATUS: [{ STATUS: 'S', Code: 69, Msg: 'Device Details', Description: 'btminer' }],
    DEVDETAILS: [{ ...device, Model: info.msg?.miner?.type }],
    id: 1,
  }
}
