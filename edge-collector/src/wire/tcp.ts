import { connect, type Socket } from 'node:net'
import { WireError } from './contract.js'

/** One question over one connection. */
export interface Exchange {
  ip: string
  port: number
  /** Sent in a single write: cgminer reads its socket once. */
  payload: Buffer
  connectMs: number
  /** For everything, the connection included. */
  deadlineMs: number
  maxBytes: number
  /** Whether the answer is whole with this chunk. */
  endsWith(chunk: Buffer, collected: () => Buffer): boolean
  /** Without news for so long, `isWhole` decides. */
  idleMs: number
  isWhole(bytes: Buffer): boolean
}

/** What came, and how it ended. */
export interface Received {
  bytes: Buffer
  end: 'complete' | 'eof' | 'reset' | 'timeout'
}

/** Begins the detail of a time-out when nobody took the connection. */
export const NO_CONNECTION = 'no connection'

const CONNECT_KINDS: Record<string, 'refused' | 'timeout'> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'timeout',
  ENETUNREACH: 'timeout',
  EHOSTDOWN: 'timeout',
  ETIMEDOUT: 'timeout',
}

/**
 * Connects, writes once and collects until the answer is complete, the miner hangs up or the
 * deadline is over. The socket never outlives the promise.
 */
export const exchange = async (options: Exchange): Promise<Received> => {
  const socket = connect({ host: options.ip, port: options.port, noDelay: true })
  try {
    const startedAt = performance.now()
    await connected(socket, options)
    const leftMs = Math.max(1, options.deadlineMs - (performance.now() - startedAt))
    return await collect(socket, options, leftMs)
  } finally {
    socket.on('error', () => {})
    socket.destroy()
  }
}

const connected = (socket: Socket, { connectMs, deadlineMs }: Exchange): Promise<void> =>
  new Promise((resolve, reject) => {
    const ms = Math.min(connectMs, deadlineMs)
    const silent = () => reject(new WireError('timeout', `${NO_CONNECTION} within ${ms} ms`))
    const timer = setTimeout(silent, ms)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      resolve()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const kind = CONNECT_KINDS[error.code ?? ''] ?? 'reset'
      const detail = kind === 'timeout' ? `${NO_CONNECTION}: ${error.code}` : `${error.code}`
      reject(new WireError(kind, detail))
    })
  })

const collect = (socket: Socket, options: Exchange, leftMs: number): Promise<Received> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (reason: Received['end']) => {
      clearTimeout(deadline)
      clearTimeout(idle)
      resolve({ bytes: Buffer.concat(chunks), end: reason })
    }
    const idle = setTimeout(() => {
      if (size > 0 && options.isWhole(Buffer.concat(chunks))) end('complete')
    }, options.idleMs)
    const deadline = setTimeout(() => end('timeout'), leftMs)
    socket.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > options.maxBytes) {
        clearTimeout(deadline)
        clearTimeout(idle)
        socket.destroy()
        reject(new WireError('too_large', `more than ${options.maxBytes} bytes`))
        return
      }
      chunks.push(chunk)
      idle.refresh()
      if (options.endsWith(chunk, () => Buffer.concat(chunks))) end('complete')
    })
    socket.once('error', () => end('reset'))
    socket.once('end', () => end('eof'))
    socket.once('close', () => end('eof'))
    socket.write(options.payload)
  })
