import { gzipSync } from 'node:zlib'
import { CONTENT_TYPE, EDGE_PATH } from '../../protocol/messages.js'
import { HEADERS, requestBytes, signBytes } from '../../protocol/signing.js'
import type { Time } from '../poll/time.js'
import { ClockOffset } from './clock_offset.js'
import type { Identity } from './identity.js'
import type { RawAnswer, Transport } from './transport.js'

/** What the portal said. */
export interface Answer {
  status: number
  /** Its JSON; null when it is none. */
  body: Record<string, unknown> | null
  /** The code of a refusal. */
  code: string | null
  retryAfterMs: number | null
}

export interface AskOptions {
  timeoutMs?: number
  signal?: AbortSignal
}

const TIMEOUT_MS = 30_000

/** Signed requests to the portal, at the portal's time. Throws PortalUnreachable and nothing else. */
export class PortalClient {
  readonly #identity: Pick<Identity, 'collectorId' | 'key'>
  readonly #transport: Transport
  readonly #time: Time
  readonly #offset = new ClockOffset()

  constructor(identity: Pick<Identity, 'collectorId' | 'key'>, transport: Transport, time: Time) {
    this.#identity = identity
    this.#transport = transport
    this.#time = time
  }

  /** Portal minus collector; null before the first answer and after the clock was set. */
  offsetMs(): number | null {
    return this.#offset.at(this.#time.clock(), this.#time.monotonic())
  }

  /** Sends a message. */
  post(name: string, message: object, options: AskOptions = {}): Promise<Answer> {
    return this.postGzip(name, gzipSync(JSON.stringify(message)), options)
  }

  /** Sends a message that is compressed already. */
  postGzip(name: string, body: Uint8Array, options: AskOptions = {}): Promise<Answer> {
    return this.#ask('POST', name, body, options)
  }

  get(name: string, options: AskOptions = {}): Promise<Answer> {
    return this.#ask('GET', name, new Uint8Array(), options)
  }

  async #ask(
    method: 'GET' | 'POST',
    name: string,
    body: Uint8Array,
    options: AskOptions
  ): Promise<Answer> {
    const send = () => this.#send(method, `${EDGE_PATH}/${name}`, body, options)
    const answer = await send()
    // The refusal told the right time.
    return answer.code === 'E_CLOCK_SKEW' ? send() : answer
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    body: Uint8Array,
    { timeoutMs = TIMEOUT_MS, signal }: AskOptions
  ): Promise<Answer> {
    const time = Math.round(this.#time.clock() + (this.offsetMs() ?? 0))
    const startedAt = this.#time.monotonic()
    const raw = await this.#transport({
      method,
      path,
      body,
      timeoutMs,
      ...(signal ? { signal } : {}),
      headers: {
        [HEADERS.collector]: this.#identity.collectorId,
        [HEADERS.time]: String(time),
        [HEADERS.signature]: signBytes(
          requestBytes({ method, path, time, body }),
          this.#identity.key
        ),
        ...(method === 'POST' ? { 'content-type': CONTENT_TYPE, 'content-encoding': 'gzip' } : {}),
      },
    })
    this.#learn(raw, this.#time.monotonic() - startedAt)
    return toAnswer(raw)
  }

  #learn({ headers }: RawAnswer, roundTripMs: number): void {
    const said = Number(headers[HEADERS.time])
    if (!Number.isSafeInteger(said) || said <= 0) return
    const now = { wall: this.#time.clock(), mono: this.#time.monotonic() }
    this.#offset.learn(said, now, roundTripMs)
  }
}

/** The status and the JSON of an answer, as far as it is any. */
export function toAnswer({ status, headers, body }: RawAnswer): Answer {
  const parsed = parseObject(body)
  const after = Number(headers['retry-after'])
  return {
    status,
    body: parsed,
    code: typeof parsed?.code === 'string' ? parsed.code : null,
    retryAfterMs:
      headers['retry-after'] && Number.isFinite(after) && after >= 0 ? after * 1000 : null,
  }
}

function parseObject(body: Buffer): Record<string, unknown> | null {
  if (body.length === 0) return null
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null
  } catch {
    // A proxy answers with a page of its own: the status says what there is to say.
    return null
  }
}
