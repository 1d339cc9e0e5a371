import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Face } from './contract.js'
import { FACES } from './faces/index.js'
import type { Fleet } from './fleet.js'
import type { Stranger } from './strangers.js'

/** For a port; above this one listener for all addresses, where dead ones accept and hang up. */
const MOST_LISTENERS = 4000
/** Files kept free for connections, with each listener taking one. */
const SPARE_FILES = 500
/** rpc, http and v3. */
const DOORS = 3

/** The listeners of a fleet and the connections that came through them. */
export class Doors {
  readonly #fleet: Fleet
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()

  readonly #admit: (socket: Socket) => boolean

  /** @param admit whether a connection may go on. */
  constructor(fleet: Fleet, admit: (socket: Socket) => boolean) {
    this.#fleet = fleet
    this.#admit = admit
  }

  /** Listens wherever somebody lives who has this port; the port that it became. */
  async open(
    port: number,
    handle: (socket: Socket) => void,
    has: (who: Face | Stranger) => boolean
  ): Promise<number> {
    const hosts = [...this.#fleet.addresses()].filter(({ faces, stranger }) =>
      stranger ? has(stranger) : faces.some((face) => has(FACES[face]!))
    )
    const isShared = hosts.length > mostListeners()
    let chosen = port
    for (const ip of isShared ? ['0.0.0.0'] : hosts.map((one) => one.ip)) {
      const server = createServer((socket) => this.#take(socket, handle))
      await listen(server, chosen, ip)
      this.#servers.push(server)
      chosen = (server.address() as AddressInfo).port
    }
    return chosen
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))))
  }

  #take(socket: Socket, handle: (socket: Socket) => void): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    if (this.#admit(socket)) handle(socket)
  }
}

/** Node has raised its limit to what the system allows. Throws when even a few are too many. */
function mostListeners(): number {
  const free = (openFilesLimit() - SPARE_FILES) / DOORS
  if (free < 1) throw new RangeError('too few open files are allowed: raise `ulimit -n` to 1024')
  return Math.min(MOST_LISTENERS, Math.floor(free))
}

/** Of this process; none where the system does not tell, or Node's permissions hide it. */
function openFilesLimit(): number {
  const limits = '/proc/self/limits'
  const isHidden = process.permission?.has('fs.read', limits) === false
  if (isHidden || !existsSync(limits)) return Number.POSITIVE_INFINITY
  const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(limits, 'utf8')) ?? []
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
}

const listen = (server: Server, port: number, host: string) =>
  new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen({ port, host, backlog: 1024 }, done)
  })
