import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

/** What the way to the portal does to the next connections, or to all of them for a while. */
export type WayFault =
  'partition' | 'delay' | 'cut_request' | 'cut_answer' | 'duplicate' | 'truncate' | 'reorder'

interface Trouble {
  kind: WayFault
  until: number
}

const DELAY_MS = 700
const CUT_BYTES = 700
/** Requests that are kept to be sent once more. */
const KEPT_BYTES = 4 * 1024 * 1024

/**
 * The network between one edge and the portal, byte for byte, with faults. What it does is decided
 * for each connection and each piece that comes, so that a keep-alive connection suffers as well.
 */
export class ChaosProxy {
  readonly #server: Server
  readonly #target: number
  readonly #sockets = new Set<Socket>()
  #trouble: Trouble | null = null
  /** Times that each fault did something: a fault that met nobody proves nothing. */
  readonly met: Partial<Record<WayFault, number>> = {}

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((near) => this.#pair(near))
  }

  static async open(target: number): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  suffer(kind: WayFault, lastsMs: number): void {
    this.#trouble = { kind, until: Date.now() + lastsMs }
    if (kind === 'partition') {
      for (const socket of this.#sockets) socket.destroy()
    }
  }

  /** From now on all is well. */
  heal(): void {
    this.#trouble = null
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** The fault in force, counted. */
  #now(...kinds: WayFault[]): WayFault | null {
    const trouble = this.#trouble
    if (!trouble || Date.now() > trouble.until || !kinds.includes(trouble.kind)) return null
    this.met[trouble.kind] = (this.met[trouble.kind] ?? 0) + 1
    return trouble.kind
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
    return socket
  }

  #pair(near: Socket): void {
    this.#keep(near)
    if (this.#now('partition')) return void near.destroy()
    const far = this.#keep(connect(this.#target, '127.0.0.1'))
    const kept: Buffer[] = []
    let keptBytes = 0
    let passed = 0
    near.on('data', (bytes) => {
      passed += bytes.length
      keptBytes += bytes.length
      if (keptBytes < KEPT_BYTES) kept.push(bytes)
      if (passed > CUT_BYTES && this.#now('cut_request')) {
        // The beginning arrives, the rest does not, and nobody hears of it at once.
        near.destroy()
        far.destroy()
      } else if (this.#now('truncate')) {
        far.end(bytes.subarray(0, Math.floor(bytes.length / 2)))
      } else if (this.#now('delay', 'reorder')) {
        setTimeout(() => far.write(bytes), DELAY_MS * Math.random())
      } else far.write(bytes)
    })
    far.on('data', (bytes) => {
      if (this.#now('cut_answer')) {
        // The portal took it, the edge never hears so.
        near.destroy()
        far.destroy()
        return
      }
      near.write(bytes)
      if (this.#now('duplicate')) this.#again(Buffer.concat(kept))
      kept.length = 0
      keptBytes = 0
    })
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }

  /** What was sent comes once more, as a network may do it; the answer interests nobody. */
  #again(bytes: Buffer): void {
    const far = this.#keep(connect(this.#target, '127.0.0.1'))
    far.on('data', () => far.destroy())
    far.end(bytes)
  }
}
