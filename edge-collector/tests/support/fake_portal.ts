import { createHash, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { type Batch, checkBatch, LIMITS } from '../../protocol/messages.js'
import { HEADERS, isSignedBy, requestBytes } from '../../protocol/signing.js'

/** What the portal does with one request instead of the right thing. */
export type Fault =
  | { type: 'status'; status: number; headers?: Record<string, string>; body?: object }
  /** It is taken, but nobody hears of it. */
  | { type: 'answer_lost' }
  | { type: 'down' }

interface Reply {
  status: number
  body: object
  headers?: Record<string, string>
}

const refusal = (status: number, code: string): Reply => ({ status, body: { code } })

const messageIn = (body: Buffer): unknown =>
  body.length > 0 ? JSON.parse(gunzipSync(body).toString('utf8')) : null

/** A portal on a real socket that checks signatures and keeps a ledger as the real one does. */
export class FakePortal {
  readonly #server: Server
  readonly #key: KeyObject
  readonly #clock: () => number
  readonly #ledger = new Map<string, string>()
  /** In the order of arrival; refused ones too. */
  readonly requests: { path: string; at: number; batch: Batch | null; status: number }[] = []
  /** What came to each path, newest last. */
  readonly messages = new Map<string, unknown[]>()
  /** How often each sample was taken, by miner and time. */
  readonly taken = new Map<string, number>()
  /** One for each of the next batches; null: this one goes well. */
  faults: (Fault | null)[] = []
  isDown = false
  revoked = false
  mostSamples: number = LIMITS.samplesPerBatch
  /** A sample of this miner makes a batch unreadable. */
  unreadableMiner: string | null = null
  answers = new Map<string, object>()
  /** What anybody gets, as it is. */
  files = new Map<string, Buffer>()

  constructor(key: KeyObject, clock: () => number) {
    this.#key = key
    this.#clock = clock
    this.#server = createServer((request, response) => {
      const file = this.files.get(request.url!)
      if (file) response.end(file)
      else void this.#take(request, response)
    })
  }

  async listen(): Promise<URL> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`)
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  get batches(): Batch[] {
    return this.requests.flatMap(({ batch }) => batch ?? [])
  }

  /** Somebody else used this number, as a copy of the machine does. */
  occupy(bootId: string, seq: number): void {
    this.#ledger.set(`${bootId} ${seq}`, 'somebody else')
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray())
    if (this.isDown) return void request.socket.destroy()
    const path = request.url!
    const isData = path.endsWith('/telemetry')
    const message = messageIn(body)
    this.messages.set(path, [...(this.messages.get(path) ?? []), message])
    const batch = isData ? (message as Batch) : null
    const fault = isData ? (this.faults.shift() ?? null) : null
    const reply = this.#reply({ request, body, batch, fault })
    this.requests.push({ path, at: this.#clock(), batch, status: reply.status })
    if (fault?.type === 'answer_lost' || fault?.type === 'down') {
      return void request.socket.destroy()
    }
    response.writeHead(reply.status, {
      [HEADERS.time]: String(this.#clock()),
      'content-type': 'application/json',
      ...reply.headers,
    })
    response.end(JSON.stringify(reply.body))
  }

  #reply(given: {
    request: IncomingMessage
    body: Buffer
    batch: Batch | null
    fault: Fault | null
  }): Reply {
    const { request, body, batch, fault } = given
    const denied = this.#denied(request, body)
    if (denied) return denied
    if (fault?.type === 'status') {
      return { body: { code: 'E_SCRIPTED' }, ...fault }
    }
    if (fault?.type === 'down') return refusal(503, 'E_DOWN')
    if (batch) return this.#takeBatch(batch)
    const answer = this.answers.get(request.url!)
    return answer ? { status: 200, body: answer } : refusal(404, 'E_ROUTE_NOT_FOUND')
  }

  #denied({ headers, method, url }: IncomingMessage, body: Buffer): Reply | null {
    const time = Number(headers[HEADERS.time])
    const signature = String(headers[HEADERS.signature])
    const bytes = requestBytes({ method: method!, path: url!, time, body })
    if (!isSignedBy(bytes, signature, this.#key)) return refusal(401, 'E_COLLECTOR_UNKNOWN')
    if (this.revoked) return refusal(403, 'E_COLLECTOR_REVOKED')
    const isNow = Math.abs(this.#clock() - time) <= LIMITS.signatureSkewMs
    return isNow ? null : refusal(403, 'E_CLOCK_SKEW')
  }

  #takeBatch(batch: Batch): Reply {
    if (batch.samples.length > this.mostSamples) return refusal(413, 'E_TOO_LARGE')
    const isUnreadable = batch.samples.some(({ miner }) => miner === this.unreadableMiner)
    if (checkBatch(batch) || isUnreadable) return refusal(422, 'E_MESSAGE')
    const key = `${batch.bootId} ${batch.seq}`
    const sha256 = createHash('sha256').update(JSON.stringify(batch.samples)).digest('hex')
    const known = this.#ledger.get(key)
    if (known !== undefined && known !== sha256) return refusal(409, 'E_SEQ_CONFLICT')
    if (known === undefined) {
      this.#ledger.set(key, sha256)
      for (const { miner, at } of batch.samples) {
        this.taken.set(`${miner} ${at}`, (this.taken.get(`${miner} ${at}`) ?? 0) + 1)
      }
    }
    let ackSeq = 0
    while (this.#ledger.has(`${batch.bootId} ${ackSeq + 1}`)) ackSeq++
    return { status: 200, body: { ackSeq, quarantined: [] } }
  }
}
