import { connect, type Socket } from 'node:net'
import {
  answerIn,
  type Answer,
  BadFrame,
  EXCEPTIONS,
  frameOf,
  type Question,
  type Request,
  wordsRequest,
} from './frame.js'
import { type Identification, identify, MOST_PARTS } from './identification.js'

/** The device said no, in the words of the protocol. */
export class ModbusException extends Error {
  readonly code: number
  constructor(code: number) {
    super(`exception ${code}: ${EXCEPTIONS[code] ?? 'not of the standard'}`)
    this.name = 'ModbusException'
    this.code = code
  }
}

/** No answer, or none that can be believed. */
export class ModbusSilence extends Error {
  constructor(detail: string) {
    super(detail)
    this.name = 'ModbusSilence'
  }
}

export interface GatewayOptions {
  ip: string
  port: number
  connectMs?: number
  /** For each answer. */
  answerMs?: number
}

/**
 * One connection to a device or to a gateway with several behind it. Questions go one after the
 * other: serial lines behind it know no other way, and many devices take one connection only. After
 * anything odd the connection is thrown away, since a late answer would be taken for the next one's.
 */
export class Gateway {
  readonly #options: Required<GatewayOptions>
  #socket: Socket | null = null
  #last: Promise<unknown> = Promise.resolve()
  #transaction = 0

  constructor({ ip, port, connectMs = 3000, answerMs = 3000 }: GatewayOptions) {
    this.#options = { ip, port, connectMs, answerMs }
  }

  /** The bytes of the registers. Throws ModbusException or ModbusSilence. */
  read(question: Question, signal?: AbortSignal): Promise<Buffer> {
    return this.#turn(wordsRequest(question), signal)
  }

  /** What the device says it is (function 43/14). Throws ModbusException or ModbusSilence. */
  async identify(unit: number, signal?: AbortSignal): Promise<Identification> {
    const said: Identification = new Map()
    for (let part = 0, next: number | null = 0; next !== null; part++) {
      if (part === MOST_PARTS) throw new ModbusSilence('bad answer: an identification without end')
      const answer: Awaited<ReturnType<ReturnType<typeof identify>['read']>> = await this.#turn(
        identify(unit, next),
        signal
      )
      for (const [id, text] of answer.objects) said.set(id, text)
      next = answer.next
    }
    return said
  }

  #turn<T>(request: Request<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#last.then(() => this.#ask(request, signal))
    // Whoever asked hears of the failure; the next question only waits for its end.
    this.#last = turn.catch(() => {})
    return turn
  }

  close(): void {
    this.#socket?.destroy()
    this.#socket = null
  }

  async #ask<T>(request: Request<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw new ModbusSilence('stopped')
    const isOld = this.#socket !== null && !this.#socket.destroyed
    try {
      return await this.#exchange(request)
    } catch (error) {
      // A device that closed the connection while nobody asked is asked again, once.
      if (!isOld || !(error instanceof Hangup)) throw error
      return await this.#exchange(request)
    }
  }

  async #exchange<T>(request: Request<T>): Promise<T> {
    const socket = await this.#connected()
    this.#transaction = (this.#transaction + 1) & 0xffff
    socket.ref()
    try {
      const answer = await answerFrom(socket, request, {
        transaction: this.#transaction,
        ms: this.#options.answerMs,
      })
      if (answer.type === 'said') return answer.value
      throw new ModbusException(answer.code)
    } catch (error) {
      if (!(error instanceof ModbusException)) this.close()
      throw error
    } finally {
      socket.unref()
    }
  }

  async #connected(): Promise<Socket> {
    if (this.#socket && !this.#socket.destroyed) return this.#socket
    const { ip, port, connectMs } = this.#options
    const socket = connect({ host: ip, port, noDelay: true })
    try {
      await opened(socket, connectMs)
    } catch (error) {
      socket.destroy()
      throw error
    }
    // Between two questions it may end as it likes, but nothing may come unasked.
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.destroy())
    socket.on('data', () => {
      if (socket.listenerCount('data') === 1) socket.destroy()
    })
    this.#socket = socket
    return socket
  }
}

/** The connection ended before a byte of an answer came. */
class Hangup extends ModbusSilence {}

const opened = (socket: Socket, ms: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (detail: string) => () => reject(new ModbusSilence(detail))
    const timer = setTimeout(fail(`no connection within ${ms} ms`), ms)
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      fail(`no connection: ${error.code}`)()
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      resolve()
    })
  })

type Said<T> = Exclude<Answer<T>, { type: 'incomplete' }>

function answerFrom<T>(
  socket: Socket,
  request: Request<T>,
  { transaction, ms }: { transaction: number; ms: number }
): Promise<Said<T>> {
  const { promise, resolve, reject } = Promise.withResolvers<Said<T>>()
  let bytes: Buffer = Buffer.alloc(0)
  const take = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    try {
      const answer = answerIn(bytes, request, transaction)
      if (answer.type !== 'incomplete') resolve(answer)
    } catch (error) {
      reject(error instanceof BadFrame ? new ModbusSilence(`bad answer: ${error.message}`) : error)
    }
  }
  const ended = () =>
    reject(
      bytes.length === 0 ? new Hangup('connection ended') : new ModbusSilence('answer cut off')
    )
  const timer = setTimeout(() => reject(new ModbusSilence(`no answer within ${ms} ms`)), ms)
  socket.on('data', take)
  socket.once('close', ended)
  socket.write(frameOf(request, transaction))
  return promise.finally(() => {
    clearTimeout(timer)
    socket.off('data', take)
    socket.off('close', ended)
  })
}
