import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { parseChallenges } from './challenge.js'
import { ASK_MS, MAX_BYTES } from './cgminer.js'
import { type HttpAnswer, type HttpRequest, type Ports, WireError } from './contract.js'
import { authorize } from './digest.js'
import { openLine } from './http_socket.js'

/** Which miner, and whether only one certificate will do. */
export interface HttpTarget {
  ip: string
  ports: Ports
  /** For each connection. */
  connectMs: number
  /** SHA-256 of the certificate as 64 hex digits; nothing is sent to another one. */
  pinnedSha256?: string
}

/** An answer, and over TLS the certificate of who gave it. */
export interface HttpReply extends HttpAnswer {
  certificateSha256: string | null
}

/** What one try sends. */
interface Try {
  target: HttpTarget
  request: HttpRequest
  authorization: string | null
  /** On the clock of `performance`. */
  endsAt: number
}

/**
 * One question over HTTP: any status is an answer, redirects are not followed, credentials are only
 * sent after a challenge. Connections follow each other; all of it takes no longer than the deadline.
 * Throws WireError and nothing else.
 */
export const httpAsk = async (target: HttpTarget, request: HttpRequest): Promise<HttpReply> => {
  const endsAt = performance.now() + (request.deadlineMs ?? ASK_MS)
  const ask = (authorization: string | null) => attempt({ target, request, authorization, endsAt })
  const first = await ask(null)
  if (first.status !== 401 || !request.auth) return first
  const authorization = answer(first, request)
  if (authorization === null) return first
  const second = await ask(authorization)
  // The nonce was too old, not the password wrong: once more with the new one.
  if (second.status !== 401 || !isStale(second)) return second
  return ask(answer(second, request))
}

const challengesOf = (reply: HttpReply) => parseChallenges(reply.headers['www-authenticate'])

const isStale = (reply: HttpReply) =>
  challengesOf(reply).some(({ params }) => params.get('stale')?.toLowerCase() === 'true')

const answer = (reply: HttpReply, { method = 'GET', path, auth }: HttpRequest): string | null =>
  auth ? authorize(challengesOf(reply), { method, uri: path }, auth) : null

const attempt = async (it: Try): Promise<HttpReply> => {
  const { ip, ports, connectMs, pinnedSha256 } = it.target
  const name = it.request.port ?? 'http'
  const { socket, certificateSha256 } = await openLine({
    ip,
    port: ports[name],
    isTls: name === 'https',
    connectMs,
    deadlineMs: leftMs(it.endsAt),
  })
  try {
    if (pinnedSha256 !== undefined && pinnedSha256.toUpperCase() !== certificateSha256) {
      throw new WireError('tls_changed', 'another certificate than before')
    }
    return { ...(await speak(socket, it)), certificateSha256 }
  } finally {
    socket.on('error', () => {})
    socket.destroy()
  }
}

const leftMs = (endsAt: number) => {
  const left = Math.floor(endsAt - performance.now())
  if (left <= 0) throw new WireError('timeout', 'no answer before the deadline')
  return left
}

const speak = (socket: Socket, it: Try): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => socket.destroy(new WireError('timeout', 'no answer before the deadline')),
      leftMs(it.endsAt)
    )
    const settle = (error: unknown, value?: HttpAnswer) => {
      clearTimeout(timer)
      if (value) resolve(value)
      else reject(explain(error))
    }
    try {
      const sent = httpRequest({
        createConnection: () => socket,
        method: it.request.method ?? 'GET',
        path: it.request.path,
        headers: headersOf(it),
        // Web servers of miners are not strict, and nobody else speaks over this connection.
        insecureHTTPParser: true,
      })
      sent.on('error', (error) => settle(error))
      sent.on('response', (incoming) =>
        collect(incoming).then(
          (value) => settle(null, value),
          (error: unknown) => settle(error)
        )
      )
      sent.end(payloadOf(it.request))
    } catch (error) {
      // A path or a header that HTTP cannot carry: a token, for example, that the miner gave.
      settle(new WireError('unsupported', `cannot be sent: ${codeOf(error)}`))
    }
  })

const payloadOf = ({ body }: HttpRequest): Buffer | undefined =>
  body === undefined
    ? undefined
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))

const headersOf = ({ target, request, authorization }: Try): Record<string, string> => {
  const { body } = request
  const payload = payloadOf(request)
  return {
    'host': hostOf(target, request),
    'connection': 'close',
    'accept-encoding': 'identity',
    ...(payload ? { 'content-length': String(payload.length) } : {}),
    ...(body !== undefined && typeof body !== 'string'
      ? { 'content-type': 'application/json' }
      : {}),
    ...request.headers,
    // Names beyond Latin-1 go as UTF-8, byte by byte.
    ...(authorization === null
      ? {}
      : { authorization: Buffer.from(authorization).toString('latin1') }),
  }
}

const hostOf = ({ ip, ports }: HttpTarget, { port = 'http' }: HttpRequest) =>
  `${ip.includes(':') ? `[${ip}]` : ip}:${ports[port]}`

const collect = (incoming: IncomingMessage): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MAX_BYTES) {
        incoming.destroy(new WireError('too_large', `more than ${MAX_BYTES} bytes`))
      } else chunks.push(chunk)
    })
    const cut = () => new WireError('truncated', `ended after ${size} bytes`)
    incoming.on('error', (error) => reject(error instanceof WireError ? error : cut()))
    incoming.on('close', () => reject(cut()))
    incoming.on('end', () => {
      if (!incoming.complete) return
      const text = new TextDecoder().decode(Buffer.concat(chunks))
      resolve({ status: incoming.statusCode ?? 0, headers: plain(incoming), text })
    })
  })

/** Lower-case names; what came several times is one line each. */
const plain = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join('\n') : (value ?? ''),
    ])
  )

const explain = (error: unknown): WireError => {
  if (error instanceof WireError) return error
  const code = codeOf(error)
  if (code === 'HPE_HEADER_OVERFLOW') return new WireError('too_large', 'headers without end')
  if (code.startsWith('HPE_'))
    return new WireError('not_json', `an answer that is no HTTP: ${code}`)
  return new WireError('reset', code)
}

const codeOf = (error: unknown) =>
  String((error as NodeJS.ErrnoException | null)?.code ?? 'unknown')
