import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Credentials, Ports, Wire } from '../../src/wire/contract.js'
import { createWire } from '../../src/wire/miner_wire.js'
import { closed, listen, send } from './fixture_server.js'

/** A request as the miner saw it. */
export interface Seen {
  method: string
  path: string
  headers: Record<string, unknown>
  body: any
}

/** An answer; `lost` obeys and hangs up without a word. */
export type Reply = { status?: number; json?: unknown; headers?: Record<string, string> } | 'lost'

/** A miner that answers as told and remembers what it was asked. */
export interface FakeMiner {
  seen: Seen[]
  /** What was asked besides GET and logins. */
  changes(): Seen[]
  wire(credentials?: Credentials | null): Wire
  close(): Promise<unknown>
}

const LOGINS = /auth\/login|unlock/

/** All HTTP ports of the wire lead to it. */
export const fakeMiner = async (reply: (seen: Seen) => Reply): Promise<FakeMiner> => {
  const seen: Seen[] = []
  const server: Server = await listen((request, response, body) => {
    const { method = '', url = '', headers } = request
    const entry = { method, path: url, headers, body: parsed(body) }
    seen.push(entry)
    const answer = reply(entry)
    if (answer === 'lost') return request.socket.destroy()
    return send(response, answer.status ?? 200, answer.json ?? {}, answer.headers)
  })
  const { port } = server.address() as AddressInfo
  const ports: Ports = { rpc: port, http: port, https: port, v3: port, rest: port }
  return {
    seen,
    changes: () =>
      seen.filter(
        ({ method, path, body }) =>
          method !== 'GET' && !LOGINS.test(path) && body?.operationName !== 'login'
      ),
    wire: (credentials = { user: 'root', password: 'right' }) =>
      createWire({ ip: '127.0.0.1', ports, credentials, deadlineMs: 5000 }),
    close: () => closed(server),
  }
}

/** JSON, else the text; a request without a body has none. */
const parsed = (body: string): unknown => {
  if (body === '') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
