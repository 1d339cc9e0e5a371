import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { type BatchAnswer, CONTENT_TYPE, type EnrollAnswer } from '#edge/protocol/messages'
import type { Sample } from '#edge/protocol/sample'
import { HEADERS, rawPublicKey, requestBytes, signBytes } from '#edge/protocol/signing'

/** Every answer of the portal to a collector is one of these. */
type Answer = EnrollAnswer & BatchAnswer

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** One request; the answer's JSON. Throws for anything but success. */
function post(url: URL, headers: Record<string, string>, body: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString()
        const isGood = answer.statusCode! >= 200 && answer.statusCode! < 300
        if (isGood) resolve(JSON.parse(text))
        else reject(new Error(`${url.pathname}: ${answer.statusCode} ${text}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A collector without sockets to miners: it signs and sends what it is given. */
export class LoadCollector {
  readonly bootId = randomUUID()
  private seq = 0

  private constructor(
    private readonly base: string,
    private readonly key: KeyObject,
    readonly enrolled: EnrollAnswer
  ) {}

  static async enrol(base: string, code: string) {
    const { privateKey } = generateKeyPairSync('ed25519')
    const publicKey = rawPublicKey(privateKey)
    const body = Buffer.from(JSON.stringify({ code, publicKey, version: 'bench', hostname: null }))
    const url = new URL('/edge/v1/enroll', base)
    const answer = await post(url, { 'content-type': CONTENT_TYPE }, body)
    return new LoadCollector(base, privateKey, answer)
  }

  /** Compresses a batch; its number is taken now. */
  packed(samples: readonly Sample[]): Buffer {
    this.seq += 1
    const batch = { bootId: this.bootId, seq: this.seq, sentAt: Date.now(), offsetMs: 0 }
    return gzipSync(JSON.stringify({ ...batch, isBackfill: false, samples }), { level: 1 })
  }

  send(path: string, body: Uint8Array) {
    const full = `/edge/v1/${path}`
    const time = Date.now()
    const bytes = requestBytes({ method: 'POST', path: full, time, body })
    const headers = {
      'content-type': CONTENT_TYPE,
      'content-encoding': 'gzip',
      'content-length': String(body.length),
      [HEADERS.collector]: this.enrolled.collectorId,
      [HEADERS.time]: String(time),
      [HEADERS.signature]: signBytes(bytes, this.key),
    }
    return post(new URL(full, this.base), headers, body)
  }

  message(path: string, message: object) {
    return this.send(path, gzipSync(JSON.stringify(message)))
  }
}

const hex = (value: number) => value.toString(16).padStart(2, '0').toUpperCase()

/** Of the miner with this number among all of the bench. */
export const macOf = (no: number) =>
  `02:00:00:${hex((no >> 16) & 255)}:${hex((no >> 8) & 255)}:${hex(no & 255)}`
export const keyOf = (no: number) => `mac:${macOf(no)}`
export const ipOf = (no: number) => `10.${(no >> 16) & 255}.${(no >> 8) & 255}.${no & 255}`

/** A sample as healthy miners send it, different for each miner and moment. */
export function sampleAt(no: number, at: number): Sample {
  const wave = Math.sin(no * 12.9898 + at / 60_000) * 0.02
  return {
    miner: keyOf(no),
    at,
    poll_ms: 80 + (no % 90),
    outcome: 'ok',
    state: 'mining',
    ip: ipOf(no),
    is_mining: true,
    uptime_s: 100_000 + (Math.floor(at / 1000) % 1_000_000),
    hashrate_ths: Math.round(200_000 * (1 + wave)) / 1000,
    hashrate_avg_ths: 199.4,
    expected_hashrate_ths: 200,
    wattage_w: Math.round(3500 * (1 + wave)),
    wattage_source: 'wall',
    wattage_limit_w: 3600,
    temp_inlet_c: 24.5,
    temp_outlet_c: 48.25,
    temp_max_c: 71 + (no % 9),
    fan_min_rpm: 5400,
    fan_max_rpm: 5700,
    shares_accepted: Math.floor(at / 4000) % 10_000_000,
    shares_rejected: no % 50,
    shares_stale: 0,
    hardware_errors: no % 7,
  }
}

/** The machines of a scan that found these numbers. */
export const scanOf = (numbers: readonly number[]) => ({
  scanId: randomUUID(),
  startedAt: Date.now(),
  finishedAt: Date.now(),
  addresses: numbers.length,
  rangeId: null,
  isPartial: false,
  found: numbers.map((no) => ({
    miner: keyOf(no),
    ip: ipOf(no),
    mac: macOf(no),
    serial: null,
    driver: 'antminer',
    make: 'Antminer',
    model: ['S19 Pro', 'S21', 'S19j XP'][no % 3]!,
    firmwareFamily: 'stock',
    firmwareVersion: null,
    hostname: null,
    evidence: 'recorded',
  })),
})
