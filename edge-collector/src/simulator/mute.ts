import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/** With a backlog of one Linux takes two connections that nobody accepts, and drops the rest. */
const QUEUE = 2
const FILL_MS = 100

/** Whether this process can leave connections in the queue of the system. */
export const canMute = (): boolean =>
  process.platform === 'linux' && process.permission?.has('worker') !== false

/**
 * Addresses that are silent as in life: whoever connects gets no answer from the system either.
 * Node accepts whatever comes, unless its thread sleeps; so a thread of its own holds the listeners
 * and sleeps, and we fill their queues.
 */
export class Mute {
  readonly #flag = new Int32Array(new SharedArrayBuffer(4))
  #thread: Worker | null = null
  #fillers: Socket[] = []
  #places: readonly string[] = []

  /** From now on these are silent ("127.0.0.9:4028") and no others. Nobody else may listen there. */
  async set(places: readonly string[]): Promise<void> {
    if (places.length === this.#places.length && places.every((one) => this.#places.includes(one)))
      return
    this.#places = [...places]
    this.#leave()
    const thread = (this.#thread ??= this.#start())
    thread.postMessage(this.#places)
    Atomics.store(this.#flag, 0, 1)
    Atomics.notify(this.#flag, 0)
    await once(thread, 'message')
    await Promise.all(
      this.#places.flatMap((place) => Array.from({ length: QUEUE }, () => this.#fill(place)))
    )
  }

  async close(): Promise<void> {
    this.#leave()
    await this.#thread?.terminate()
    this.#thread = null
  }

  #start(): Worker {
    const file = new URL(`./mute_thread${extname(import.meta.url)}`, import.meta.url)
    const thread = new Worker(file, { workerData: this.#flag })
    thread.unref()
    return thread
  }

  /** One that is not taken at once finds the queue full already, by those that left it. */
  #fill(place: string): Promise<void> {
    const [host, port] = place.split(':')
    const socket = connect({ host: host!, port: Number(port), timeout: FILL_MS })
    socket.unref()
    this.#fillers.push(socket)
    return new Promise((done, fail) => {
      socket.once('connect', () => {
        socket.setTimeout(0)
        done()
      })
      socket.once('timeout', () => {
        socket.destroy()
        done()
      })
      socket.on('error', fail)
    })
  }

  #leave(): void {
    for (const socket of this.#fillers) socket.destroy()
    this.#fillers = []
  }
}
