import { Client, type Dispatcher, errors } from 'undici'
import { OutsideRefusal, type OutsideAnswer, type OutsideReason } from '#core/outside'
import type { OutsideRequest } from '#core/outside'
import { type Door, hostsOf, resolveHost, type Target, targetOf } from '#services/safe_fetch_target'
import env from '#start/env'

const DEADLINE_MS = 8_000
const CONNECT_MS = 4_000
const HEADERS_MS = 5_000
const BODY_PAUSE_MS = 5_000
const MAX_BYTES = 1_000_000
const MAX_HEADER_BYTES = 16_384
const NOT_MODIFIED = 304

const ownDoor = (): Door => ({
  privateHosts: hostsOf(env.get('OUTSIDE_PRIVATE_HOSTS')),
  resolve: resolveHost,
})

/** The one door to the outside: `askOutside` of app/core/outside.ts tells what it promises. */
export async function safeFetch(request: OutsideRequest, door = ownDoor()): Promise<OutsideAnswer> {
  const began = performance.now()
  const place = () => (URL.canParse(request.url) ? new URL(request.url).host : '')
  const deadline = AbortSignal.timeout(request.deadlineMs ?? DEADLINE_MS)
  const target = await inTime(targetOf(request, door), deadline, place)
  const client = clientFor(target)
  try {
    const answer = await client.request(optionsFor(request, target, deadline))
    checkHead(answer, request, target.url.host)
    const text = await textOf(answer, request.maxBytes ?? MAX_BYTES, target.url.host)
    const headers = headersOf(answer)
    return { status: answer.statusCode, headers, text, ms: Math.round(performance.now() - began) }
  } catch (error) {
    throw refusalOf(error, target.url.host)
  } finally {
    // An answer that is not read to its end must not keep its socket.
    await client.destroy()
  }
}

/** A resolver cannot be cancelled; its answer is not waited for any longer. */
async function inTime<T>(work: Promise<T>, deadline: AbortSignal, place: () => string) {
  const late = new Promise<never>((_, reject) => {
    deadline.addEventListener('abort', () => reject(new OutsideRefusal('timeout', place())), {
      once: true,
    })
  })
  return Promise.race([work, late])
}

/** A connection of its own for every request: it goes to the checked addresses, whatever DNS says now. */
const clientFor = ({ url, addresses }: Target) =>
  new Client(url.origin, {
    allowH2: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_MS,
    bodyTimeout: BODY_PAUSE_MS,
    connect: {
      timeout: CONNECT_MS,
      lookup: (_host, options, done) => {
        if (options.all) done(null, [...addresses])
        else done(null, addresses[0]!.address, addresses[0]!.family)
      },
    },
  })

const optionsFor = (request: OutsideRequest, { url }: Target, signal: AbortSignal) => ({
  path: url.pathname + url.search,
  method: request.method ?? ('GET' as const),
  headers: {
    'accept': request.mediaTypes?.join(', ') ?? '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'HashInsight',
    ...request.headers,
  },
  body: request.body,
  signal,
})

function checkHead(answer: Dispatcher.ResponseData, request: OutsideRequest, host: string) {
  const { statusCode: status } = answer
  const headers = headersOf(answer)
  const isRedirect = status >= 300 && status < 400 && status !== NOT_MODIFIED
  if (isRedirect) throw new OutsideRefusal('redirect', host)
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') throw new OutsideRefusal('encoding', host)
  // What comes with an error status is often a page of HTML; the status says more.
  const isRead = status >= 200 && status < 300
  if (isRead && !isWanted(headers['content-type'], request.mediaTypes)) {
    throw new OutsideRefusal('content_type', host)
  }
}

const isWanted = (type = '', wanted?: readonly string[]) =>
  !wanted || wanted.includes(type.split(';')[0]!.trim().toLowerCase())

async function textOf({ body }: Dispatcher.ResponseData, maxBytes: number, host: string) {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > maxBytes) throw new OutsideRefusal('too_large', host)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const headersOf = ({ headers }: Dispatcher.ResponseData): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]))

const CUT_OFF = new Set(['UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'ECONNRESET'])
const CONNECT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EPIPE'])
const LATE = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_ABORTED',
  'ETIMEDOUT',
])

/** What went wrong on the wire in a word; what is not of the wire stays what it is. */
function refusalOf(error: unknown, host: string): unknown {
  if (error instanceof OutsideRefusal) return error
  const reason = reasonOf(error as { code?: unknown; name?: string })
  return reason ? Object.assign(new OutsideRefusal(reason, host), { cause: error }) : error
}

function reasonOf(error: { code?: unknown; name?: string }): OutsideReason | null {
  const code = String(error.code ?? '')
  if (LATE.has(code) || error.name === 'TimeoutError' || error.name === 'AbortError') {
    return 'timeout'
  }
  if (CUT_OFF.has(code) || error instanceof errors.HTTPParserError) return 'cut_off'
  if (CONNECT.has(code)) return 'connect'
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'too_large'
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code)) return 'tls'
  return null
}
