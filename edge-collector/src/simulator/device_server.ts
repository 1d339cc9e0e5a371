import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { MOST_WORDS } from '../modbus/frame.js'
import type { SimulatedDevice } from './device.js'
import { imageOf, pageOf } from './device_image.js'

export interface DevicePorts {
  modbus: number
  http: number
}

export interface DeviceServer {
  ports: DevicePorts
  close(): Promise<void>
}

const IDLE_MS = 60_000
const HEAD = 7
/** Of the Modbus protocol. */
const [NO_FUNCTION, NO_ADDRESS, BAD_VALUE, NOBODY] = [1, 2, 3, 11] as const
const TYPE_ADDRESS = 0x8960

/** Puts devices on the network of this machine, each at its own address. Port 0 is any free one. */
export async function serveDevices(
  devices: readonly SimulatedDevice[],
  wanted: DevicePorts
): Promise<DeviceServer> {
  const servers: Server[] = []
  const sockets = new Set<Socket>()
  const ports = { ...wanted }
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  }
  try {
    for (const device of devices) {
      const isPage = device.kind === 'antspace_hk3'
      const server = isPage ? pageServer(device) : modbusServer(device)
      server.on('connection', (socket: Socket) => keep(socket, sockets))
      const name = isPage ? 'http' : 'modbus'
      server.listen(ports[name], device.ip)
      await once(server, 'listening')
      servers.push(server)
      ports[name] = (server.address() as AddressInfo).port
    }
  } catch (error) {
    await close()
    throw error
  }
  return { ports, close }
}

function keep(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket)
  socket.setTimeout(IDLE_MS, () => socket.destroy())
  socket.on('close', () => sockets.delete(socket))
  socket.on('error', () => {})
}

const pageServer = (device: SimulatedDevice): Server =>
  createHttpServer((request, response) => {
    if (device.isSilent) return
    const state = device.state(1)
    const isPage = request.method === 'GET' && request.url === state?.map.http?.path
    response.writeHead(isPage ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isPage ? pageOf(state!) : { ok: false }))
  })

const modbusServer = (device: SimulatedDevice): Server =>
  createServer((socket) => {
    let bytes = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      while (bytes.length >= HEAD) {
        const whole = HEAD - 1 + bytes.readUInt16BE(4)
        if (bytes.readUInt16BE(2) !== 0 || whole > 260) return void socket.destroy()
        if (bytes.length < whole) return
        const request = bytes.subarray(0, whole)
        bytes = bytes.subarray(whole)
        if (!device.isSilent) socket.write(framed(request, answerOf(device, request)))
      }
    })
  })

function framed(request: Buffer, pdu: Buffer): Buffer {
  const head = Buffer.from(request.subarray(0, HEAD))
  head.writeUInt16BE(pdu.length + 1, 4)
  return Buffer.concat([head, pdu])
}

function answerOf(device: SimulatedDevice, request: Buffer): Buffer {
  const [unit, fn] = [request[6]!, request[HEAD] ?? 0]
  const no = (code: number) => Buffer.from([fn | 0x80, code])
  if (request.length !== 12 || (fn !== 3 && fn !== 4)) return no(NO_FUNCTION)
  const [address, count] = [request.readUInt16BE(8), request.readUInt16BE(10)]
  if (count < 1 || count > MOST_WORDS) return no(BAD_VALUE)
  const words = wordsOf(device, { unit, fn, address, count })
  return typeof words === 'number'
    ? no(words)
    : Buffer.concat([Buffer.from([fn, count * 2]), words])
}

/** The words, or the code of why not. */
function wordsOf(
  device: SimulatedDevice,
  { unit, fn, address, count }: { unit: number; fn: number; address: number; count: number }
): Buffer | number {
  const state = device.state(unit)
  if (!state) return NOBODY
  const image = imageOf(state)
  if (device.kind === 'abb_meter') sayType(image, 'A44 552-100')
  const words = Buffer.alloc(count * 2)
  for (let place = 0; place < count; place++) {
    const word = image.get(`${fn}/${address + place}`)
    if (word === undefined) return NO_ADDRESS
    words.writeUInt16BE(word, place * 2)
  }
  return words
}

/** The type designation of ABB: twelve characters. */
function sayType(image: Map<string, number>, type: string): void {
  const bytes = Buffer.from(type.padEnd(12, '\0'), 'latin1')
  for (let place = 0; place < 6; place++) {
    image.set(`3/${TYPE_ADDRESS + place}`, bytes.readUInt16BE(place * 2))
  }
}
