import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { WireError } from './contract.js'
import { NO_CONNECTION } from './tcp.js'

/** Where to connect. */
export interface Place {
  ip: string
  port: number
  isTls: boolean
  /** For the connection. */
  connectMs: number
  /** For the handshake too. */
  deadlineMs: number
}

/** A connection and, over TLS, the certificate at its other end. */
export interface Line {
  socket: Socket
  /** 64 hex digits, upper case. */
  certificateSha256: string | null
}

const KINDS: Record<string, 'refused' | 'timeout'> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'timeout',
  ENETUNREACH: 'timeout',
  EHOSTDOWN: 'timeout',
  ETIMEDOUT: 'timeout',
}

/**
 * Connects. A miner signs its certificate itself, so any is taken; its fingerprint is what a caller
 * can remember and compare.
 */
export const openLine = (place: Place): Promise<Line> =>
  new Promise((resolve, reject) => {
    const to = { host: place.ip, port: place.port, noDelay: true }
    const socket = place.isTls ? connectTls({ ...to, rejectUnauthorized: false }) : connectTcp(to)
    const fail = (error: WireError) => {
      clearTimeout(connecting)
      clearTimeout(shaking)
      socket.destroy()
      reject(error)
    }
    const connectMs = Math.min(place.connectMs, place.deadlineMs)
    const connecting = setTimeout(
      () => fail(new WireError('timeout', `${NO_CONNECTION} within ${connectMs} ms`)),
      connectMs
    )
    const shaking = setTimeout(
      () => fail(new WireError('timeout', `no TLS within ${place.deadlineMs} ms`)),
      place.deadlineMs
    )
    const onError = (error: NodeJS.ErrnoException) => fail(explain(error))
    socket.on('error', onError)
    socket.once('connect', () => clearTimeout(connecting))
    socket.once(place.isTls ? 'secureConnect' : 'connect', () => {
      clearTimeout(shaking)
      socket.off('error', onError)
      resolve({ socket, certificateSha256: place.isTls ? fingerprintOf(socket) : null })
    })
    socket.once('close', () => fail(new WireError('reset', 'closed before it was open')))
  })

const explain = ({ code = 'unknown' }: NodeJS.ErrnoException) => {
  const kind = KINDS[code] ?? 'reset'
  return new WireError(kind, kind === 'timeout' ? `${NO_CONNECTION}: ${code}` : code)
}

const fingerprintOf = (socket: Socket): string | null =>
  (socket as TLSSocket).getPeerX509Certificate()?.fingerprint256.replaceAll(':', '') ?? null
