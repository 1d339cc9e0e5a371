import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import type { EnrollAnswer, FoundMiner } from '#edge/protocol/messages'
import { CONTENT_TYPE } from '#edge/protocol/messages'
import type { Sample } from '#edge/protocol/sample'
import { HEADERS, rawPublicKey, requestBytes, signBytes } from '#edge/protocol/signing'
import env from '#start/env'
import { asSystem, makeSite, makeTenant, type TestTenant, unique } from '#tests/helpers'
import { inviteCollector } from '../../services/enrolment.js'

export interface EdgeAnswer {
  status: number
  body: any
  headers: Headers
}

interface Change {
  collectorId?: string
  key?: KeyObject
  time?: number
  /** Sent instead of what was signed. */
  body?: Uint8Array
  path?: string
}

const base = () => `http://127.0.0.1:${env.get('PORT')}`

/** A collector that says exactly what a test wants, over real sockets. */
export class FakeCollector {
  readonly bootId = randomUUID()
  seq = 0

  private constructor(
    readonly key: KeyObject,
    readonly tenant: TestTenant,
    readonly siteId: string,
    readonly enrolled: EnrollAnswer
  ) {}

  get id() {
    return this.enrolled.collectorId
  }

  static async enrolled(given: { tenant?: TestTenant; siteId?: string } = {}) {
    const tenant = given.tenant ?? (await makeTenant())
    const siteId = given.siteId ?? (await asSystem(tenant, () => makeSite()))
    const code = await codeFor(tenant, siteId)
    const { privateKey } = generateKeyPairSync('ed25519')
    const answer = await enrolWith(code, rawPublicKey(privateKey))
    if (answer.status !== 201) throw new Error(`enrolment: ${JSON.stringify(answer.body)}`)
    return new FakeCollector(privateKey, tenant, siteId, answer.body)
  }

  /** A signed request, with something changed after or before it was signed. */
  async ask(
    method: string,
    path: string,
    message: unknown,
    change: Change = {}
  ): Promise<EdgeAnswer> {
    const plain = message === undefined ? '' : JSON.stringify(message)
    const body = method === 'GET' ? Buffer.alloc(0) : gzipSync(plain)
    const signed = { method, path: `/edge/v1/${path}`, time: Date.now(), body, ...change }
    const sent = { collectorId: this.id, key: this.key, ...change }
    const bytes = requestBytes({ ...signed, path: `/edge/v1/${path}`, body })
    const response = await fetch(base() + signed.path, {
      method,
      body: method === 'GET' ? undefined : Buffer.from(signed.body),
      headers: {
        'content-type': CONTENT_TYPE,
        'content-encoding': 'gzip',
        [HEADERS.collector]: sent.collectorId,
        [HEADERS.time]: String(signed.time),
        [HEADERS.signature]: signBytes(bytes, sent.key),
      },
    })
    return read(response)
  }

  /** These very bytes, signed: the status and the code of the answer. */
  async askRaw(path: string, body: Uint8Array, encoding: string) {
    const time = Date.now()
    const full = `/edge/v1/${path}`
    const bytes = requestBytes({ method: 'POST', path: full, time, body })
    const response = await fetch(base() + full, {
      method: 'POST',
      body: Buffer.from(body),
      headers: {
        'content-type': CONTENT_TYPE,
        'content-encoding': encoding,
        [HEADERS.collector]: this.id,
        [HEADERS.time]: String(time),
        [HEADERS.signature]: signBytes(bytes, this.key),
      },
    })
    const answer = await read(response)
    return [answer.status, answer.body?.code]
  }

  /** The next batch with these samples. */
  send(samples: unknown[], more: Record<string, unknown> = {}) {
    this.seq += 1
    return this.sendAs(this.seq, samples, more)
  }

  sendAs(seq: number, samples: unknown[], more: Record<string, unknown> = {}) {
    const sentAt = Date.now()
    const batch = { bootId: this.bootId, seq, sentAt, offsetMs: 0, isBackfill: false, samples }
    return this.ask('POST', 'telemetry', { ...batch, ...more })
  }

  /** One scan that found these. */
  found(machines: Partial<FoundMiner>[], more: Record<string, unknown> = {}) {
    const now = Date.now()
    return this.ask('POST', 'discovery', {
      scanId: randomUUID(),
      startedAt: now - 1000,
      finishedAt: now,
      addresses: 254,
      rangeId: null,
      isPartial: false,
      found: machines.map((machine, index) => ({ ...machineNo(index + 1), ...machine })),
      ...more,
    })
  }

  /** Rows of a table as the portal itself sees them in this tenant. */
  rows(table: string, where: Record<string, unknown> = {}): Promise<any[]> {
    return asSystem(this.tenant, async () =>
      current
        .get()
        .client.from(table)
        .where({ tenant_id: this.tenant.id, ...where })
    )
  }
}

export const codeFor = (tenant: TestTenant, siteId: string, name = unique('Collector')) =>
  asSystem(tenant, async () => (await inviteCollector(name, { id: siteId, name: 'Site' })).code)

export async function enrolWith(code: string, publicKey: string, more: object = {}) {
  const body = JSON.stringify({ code, publicKey, version: '0.1.0', hostname: 'box', ...more })
  const headers = { 'content-type': CONTENT_TYPE }
  await db.connection('login').from('rate_limits').where('key', 'like', '%fleet-enrol%').delete()
  return read(await fetch(`${base()}/edge/v1/enroll`, { method: 'POST', body, headers }))
}

async function read(response: Response): Promise<EdgeAnswer> {
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : JSON.parse(text),
  }
}

export const macOf = (no: number) =>
  `02:00:00:00:${Math.floor(no / 256)
    .toString(16)
    .padStart(2, '0')
    .toUpperCase()}:${(no % 256).toString(16).padStart(2, '0').toUpperCase()}`

export const keyOf = (no: number) => `mac:${macOf(no)}`

export const machineNo = (no: number): FoundMiner => ({
  miner: keyOf(no),
  ip: `10.0.${Math.floor(no / 250)}.${(no % 250) + 1}`,
  mac: macOf(no),
  serial: null,
  driver: 'antminer',
  make: 'Antminer',
  model: 'S19 Pro',
  firmwareFamily: 'stock',
  firmwareVersion: null,
  hostname: null,
  evidence: 'recorded',
})

/** A healthy sample of the miner with this number. */
export const sampleOf = (no: number, more: Partial<Sample> = {}): Sample => ({
  miner: keyOf(no),
  at: Date.now(),
  poll_ms: 120,
  outcome: 'ok',
  state: 'mining',
  ip: `10.0.0.${no + 1}`,
  is_mining: true,
  hashrate_ths: 110,
  expected_hashrate_ths: 112,
  wattage_w: 3250,
  wattage_source: 'wall',
  temp_max_c: 71.5,
  shares_accepted: 1000,
  shares_rejected: 3,
  ...more,
})
