import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Face } from './contract.js'
import type { Fleet } from './fleet.js'
import { canMute, Mute } from './mute.js'
import type { Stranger } from './strangers.js'

/** For a port; above this one listener for all addresses, where dead ones accept and hang up. */
const MOST_LISTENERS = 4000
/** Files kept free for connections, with each listener taking one. */
const SPARE_FILES = 500
const EVERYWHERE = '0.0.0.0'
/** rpc, http and v3. */
const DOORS = 3

/** How an address answers who knocks. */
export type Welcome = 'open' | 'refused' | 'silent'

/** Who lives behind the doors. */
export interface Household {
  fleet: Fleet
  /** Whether a connection may go on. */
  admit(socket: Socket): boolean
  /** Of the port of a mining API, or of a page. */
  welcome(ip: string, isApi: boolean): Welcome
}

interface Door {
  ip: string
  port: number
  isApi: boolean
  handle(socket: Socket): void
  /** Null: it is closed. */
  server: Server | null
}

interface Kind {
  isApi: boolean
  has(who: Face | Stranger): boolean
  handle(socket: Socket): void
}

/**
 * The listeners of a fleet and the connections that came through them. Where each address has its
 * own, a closed one refuses and a silent one is silent; one for all accepts whatever comes.
 */
export class Doors {
  readonly #house: Household
  readonly #doors: Door[] = []
  readonly #sockets = new Set<Socket>()
  readonly #mute = canMute() ? new Mute() : null
  #settling: Promise<void> = Promise.resolve()

  constructor(house: Household) {
    this.#house = house
  }

  /** Listens wherever somebody lives who has this port; the port that it became. */
  async open(port: number, { isApi, has, handle }: Kind): Promise<number> {
    const hosts = [...this.#house.fleet.addresses()].filter(({ faces, stranger }) =>
      stranger ? has(stranger) : faces.some(has)
    )
    const isShared = hosts.length > mostListeners()
    let chosen = port
    for (const ip of isShared ? [EVERYWHERE] : hosts.map((one) => one.ip)) {
      const door: Door = { ip, port: chosen, isApi, handle, server: null }
      this.#doors.push(door)
      chosen = door.port = await this.#unlock(door)
    }
    return chosen
  }

  /** Closes and opens what has changed since, by the time at the site. */
  settle(): Promise<void> {
    this.#settling = this.#settling.then(() => this.#settleNow())
    return this.#settling
  }

  async close(): Promise<void> {
    await this.#settling
    for (const socket of this.#sockets) socket.destroy()
    await this.#mute?.close()
    const servers = this.#doors.flatMap(({ server }) => server ?? [])
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  }

  async #settleNow(): Promise<void> {
    const unsteady = this.#house.fleet.unsteady()
    const doors = this.#doors.filter(({ ip }) => unsteady.has(ip))
    const welcomes = new Map(doors.map((door) => [door, this.#welcome(door)]))
    const those = (which: Welcome) => doors.filter((door) => welcomes.get(door) === which)
    for (const door of [...those('refused'), ...those('silent')]) {
      door.server?.close()
      door.server = null
    }
    await this.#mute?.set(those('silent').map(({ ip, port }) => `${ip}:${port}`))
    for (const door of those('open')) if (!door.server) await this.#unlock(door)
  }

  /** A silent one whose knocks cannot be left in the queue accepts them and says nothing. */
  #welcome({ ip, isApi }: Door): Welcome {
    const welcome = this.#house.welcome(ip, isApi)
    return welcome === 'silent' && !this.#mute ? 'open' : welcome
  }

  async #unlock(door: Door): Promise<number> {
    const server = createServer((socket) => this.#take(socket, door.handle))
    door.server = server
    await listen(server, door.port, door.ip)
    return (server.address() as AddressInfo).port
  }

  #take(socket: Socket, handle: (socket: Socket) => void): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    if (this.#house.admit(socket)) handle(socket)
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
