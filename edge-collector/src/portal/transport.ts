import { Agent as HttpAgent, type IncomingMessage, request as overHttp } from 'node:http'
import { Agent as HttpsAgent, request as overHttps } from 'node:https'

/** No answer of the portal came; whether the request arrived is not known. */
export class PortalUnreachable extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'PortalUnreachable'
  }
}

export interface RawRequest {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body: Uint8Array
  timeoutMs: number
  signal?: AbortSignal
}

export interface RawAnswer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}

export type Transport = (request: RawRequest) => Promise<RawAnswer>

/** A config with a hundred thousand ignored keys, signed and in base64url. */
const MAX_ANSWER_BYTES = 12 * 1024 * 1024
const CONNECTIONS = 8

/** Asks one portal over connections that stay open. Follows no redirect. */
export function createTransport(portal: URL): Transport & { close(): void } {
  const isTls = portal.protocol === 'https:'
  const options = { keepAlive: true, maxSockets: CONNECTIONS, timeout: 60_000 }
  const agent = isTls ? new HttpsAgent(options) : new HttpAgent(options)
  const send = isTls ? overHttps : overHttp
  const ask: Transport = ({ method, path, headers, body, timeoutMs, signal }) =>
    new Promise((resolve, reject) => {
      const sent = send(new URL(path, portal), {
        agent,
        method,
        headers: { ...headers, ...(method === 'GET' ? {} : { 'content-length': body.length }) },
      })
      const stop = () => sent.destroy(new PortalUnreachable('stopped'))
      const timer = setTimeout(
        () => sent.destroy(new PortalUnreachable(`no answer within ${timeoutMs} ms`)),
        timeoutMs
      )
      signal?.addEventListener('abort', stop, { once: true })
      const settle = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', stop)
      }
      const fail = (error: Error) => {
        settle()
        reject(toUnreachable(error))
      }
      // May come again after the answer was cut off; an error that nobody hears ends the program.
      sent.on('error', fail)
      sent.once('response', (incoming) => {
        collect(incoming).then((answer) => {
          settle()
          resolve(answer)
        }, fail)
      })
      sent.end(body)
      if (signal?.aborted) stop()
    })
  return Object.assign(ask, { close: () => agent.destroy() })
}

async function collect(incoming: IncomingMessage): Promise<RawAnswer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of incoming) {
    bytes += part.length
    if (bytes > MAX_ANSWER_BYTES) throw new PortalUnreachable('an answer without end')
    parts.push(part)
  }
  if (!incoming.complete) throw new PortalUnreachable('the answer was cut off')
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    body: Buffer.concat(parts),
  }
}

const toUnreachable = (error: Error): PortalUnreachable =>
  error instanceof PortalUnreachable
    ? error
    : new PortalUnreachable((error as NodeJS.ErrnoException).code ?? error.message)
