import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import type { Credentials, Ports } from '../../src/wire/contract.js'
import { isDigestRight } from './digest_check.js'
import { FIXTURES, fixtureJson } from './shared_fixtures.js'
import { serveTcpExchanges } from './tcp_fixtures.js'

/** An entry of a manifest, as far as HTTP is concerned. */
interface HttpExchange {
  transport: string
  port: number
  method: string
  path: string
  query_name?: string
  file: string
  write?: boolean
}

/** A recorded miner on ephemeral ports of loopback. */
export interface FixtureServer {
  ports: Ports
  /** What the manifest says one logs in with; null: it asks for nothing. */
  credentials: Credentials | null
  close(): Promise<void>
}

const PORT_NAMES: Record<number, keyof Ports> = { 80: 'http', 8080: 'rest', 4028: 'rpc' }
/** Nobody listens there. */
const REFUSED = 1

/** Serves the recorded answers of a folder; it is asked for by "braiins/os-25.11-s19xp". */
export const serveFixture = async (folder: string): Promise<FixtureServer> => {
  const manifest = fixtureJson(`${folder}/manifest.json`)
  const exchanges = manifest.exchanges as (HttpExchange & { request?: unknown })[]
  const login = loginOf(String(manifest.auth ?? ''))
  const ports: Ports = { rpc: REFUSED, http: REFUSED, https: REFUSED, v3: REFUSED, rest: REFUSED }
  const servers: Server[] = []
  for (const [number, name] of Object.entries(PORT_NAMES)) {
    const here = exchanges.filter((e) => e.transport === 'http' && e.port === Number(number))
    if (here.length === 0) continue
    const server = await listen(
      (request, response, body) =>
        login.answer(request, response, body) || answer(folder, here, { request, response, body })
    )
    servers.push(server)
    ports[name] = (server.address() as AddressInfo).port
  }
  const tcp = await serveTcpExchanges(resolve(FIXTURES, folder), exchanges)
  if (tcp.rpc) ports.rpc = tcp.rpc
  if (tcp.v3) ports.v3 = tcp.v3
  return {
    ports,
    credentials: login.credentials,
    close: async () => {
      await Promise.all([tcp.close(), ...servers.map(closed)])
    },
  }
}

type Handle = (request: IncomingMessage, response: ServerResponse, body: string) => unknown

/** An HTTP server on an ephemeral port of loopback that gets each request whole. */
export const listen = (handle: Handle): Promise<Server> =>
  new Promise((done) => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => handle(request, response, Buffer.concat(chunks).toString()))
    })
    server.listen(0, '127.0.0.1', () => done(server))
  })

/** Hangs up on everybody. */
export const closed = (server: Server): Promise<unknown> =>
  new Promise((done) => {
    server.close(done)
    server.closeAllConnections()
  })

/** Answers with JSON. */
export const send = (response: ServerResponse, status: number, body: unknown, headers = {}) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
  return true
}

const answer = (
  folder: string,
  exchanges: readonly HttpExchange[],
  { request, response, body }: { request: IncomingMessage; response: ServerResponse; body: string }
) => {
  const path = request.url?.split('?')[0]
  const exchange = exchanges.find(
    (entry) =>
      entry.method === request.method &&
      entry.path === path &&
      (entry.query_name === undefined || entry.query_name === parsed(body)?.operationName)
  )
  if (!exchange) return send(response, 404, { error: 'not found' })
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(readFileSync(resolve(FIXTURES, folder, exchange.file)))
}

const parsed = (body: string): any => {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

interface Login {
  credentials: Credentials | null
  /** True when it answered: a login, or somebody who has none. */
  answer(request: IncomingMessage, response: ServerResponse, body: string): boolean
}

const TOKEN = 't'
const open: Login = { credentials: null, answer: () => false }

/** How the family logs in, told from the sentence in the manifest. */
const loginOf = (auth: string): Login => {
  if (/^digest/.test(auth)) return digest(auth)
  if (/^GraphQL/.test(auth)) return graphql()
  if (/auth\/login/.test(auth)) return token('/api/v1/auth/login', 'authorization', TOKEN)
  if (/unlock/.test(auth)) return token('/api/v1/unlock', 'authorization', `Bearer ${TOKEN}`)
  if (/:8080\/token/.test(auth)) return token('/token', 'token', TOKEN)
  return open
}

const digest = (auth: string): Login => {
  const realm = /realm "?([\w ]+)"?/.exec(auth)?.[1] ?? 'blackMiner'
  const credentials = { user: 'root', password: 'root' }
  return {
    credentials,
    answer: (request, response) => {
      if (isDigestRight(request, credentials)) return false
      const nonce = randomBytes(8).toString('hex')
      const challenge = `Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=MD5`
      return send(response, 401, null, { 'www-authenticate': challenge })
    },
  }
}

const token = (path: string, header: string, value: string): Login => ({
  credentials: { user: 'root', password: 'secret' },
  answer: (request, response, body) => {
    if (request.url === path) {
      const { password, pw } = parsed(body) ?? {}
      if ((password ?? pw) !== 'secret') return send(response, 401, { error: 'wrong password' })
      return send(response, 200, { token: TOKEN, timeout_s: 3600, Token: [{ Token: TOKEN }] })
    }
    return request.headers[header] === value ? false : send(response, 401, { error: 'log in' })
  },
})

const graphql = (): Login => ({
  credentials: { user: 'root', password: 'secret' },
  answer: (request, response, body) => {
    const query = parsed(body)
    if (request.url === '/graphql' && /\blogin\b/.test(String(query?.query))) {
      const isRight = query.variables?.password === 'secret'
      const result = isRight ? { void: null } : { message: 'wrong password' }
      const cookie = isRight ? { 'set-cookie': 'session_id=s1; Path=/; HttpOnly' } : {}
      return send(response, 200, { data: { auth: { login: result } } }, cookie)
    }
    if (/\bsession_id=s1\b/.test(request.headers.cookie ?? '')) return false
    return send(response, 200, { data: null, errors: [{ message: 'Unauthorized' }] })
  },
})
