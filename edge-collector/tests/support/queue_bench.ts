import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sample } from '../../protocol/sample.js'
import type { Claimed } from '../../src/store/claims.js'
import { Queue } from '../../src/store/queue.js'

export const START = Date.UTC(2026, 0, 5)
export const ROOMY_BYTES = 64 * 1024 * 1024

export const sample = (miner: number, at: number, hashrate = 100): Sample => ({
  miner: `ip:10.0.${miner >> 8}.${miner & 255}`,
  at,
  poll_ms: 40,
  outcome: 'ok',
  state: 'mining',
  ip: '10.0.0.1',
  hashrate_ths: hashrate,
})

export const nameOf = ({ miner, at }: Sample) => `${miner} ${at}`

/** A folder of its own and a queue in it that can be closed and opened again. */
export function bench(maxBytes = ROOMY_BYTES) {
  const folder = mkdtempSync(join(tmpdir(), 'edge-queue-'))
  const file = join(folder, 'queue.db')
  let now = START
  const open = () => new Queue({ file, maxBytes, clock: () => now })
  const self = {
    file,
    queue: open(),
    pass: (ms: number) => (now += ms),
    now: () => now,
    reopen() {
      self.queue.close()
      self.queue = open()
    },
    end() {
      self.queue.close()
      rmSync(folder, { recursive: true })
    },
  }
  return self
}

/** What the portal does: each number once, other samples under a known number are refused. */
export class PortalModel {
  readonly #batches = new Map<string, string>()
  readonly counts = new Map<string, number>()

  /** The acknowledged number; null: a conflict. */
  take(claimed: Claimed): number | null {
    const key = `${claimed.bootId} ${claimed.seq}`
    const text = JSON.stringify(claimed.samples())
    const known = this.#batches.get(key)
    if (known !== undefined && known !== text) return null
    if (known === undefined) {
      this.#batches.set(key, text)
      for (const one of claimed.samples()) {
        this.counts.set(nameOf(one), (this.counts.get(nameOf(one)) ?? 0) + 1)
      }
    }
    let ack = 0
    while (this.#batches.has(`${claimed.bootId} ${ack + 1}`)) ack++
    return ack
  }
}

const claimAny = (queue: Queue, now: number): Claimed | null =>
  queue.claims.sentBefore(() => false) ?? queue.claims.newest() ?? queue.claims.oldest(now + 1)

/** Sends everything until the queue is empty. Returns how many requests it took. */
export function drain(queue: Queue, portal: PortalModel, now: number): number {
  for (let requests = 0; ; requests++) {
    const claimed = claimAny(queue, now)
    if (!claimed) return requests
    const known = queue.ackSeq
    const ack = portal.take(claimed)
    if (ack === null) throw new Error(`conflict at ${claimed.seq}`)
    if (queue.settle(claimed, ack, known) !== 'ok') throw new Error('not settled')
  }
}
