/**
 * A simulated edge: the collector's own queue, intake, uploader and heartbeats on a real disk and a
 * real network; only its miners are made up. Obeys messages of the proof: {jumpMs}, {fullMs}.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { PortalClient } from '../../edge-collector/src/portal/client.js'
import { Gate } from '../../edge-collector/src/portal/gate.js'
import { loadIdentity } from '../../edge-collector/src/portal/identity.js'
import { createTransport } from '../../edge-collector/src/portal/transport.js'
import { Uploader } from '../../edge-collector/src/portal/uploader.js'
import { systemTime, type Time } from '../../edge-collector/src/poll/time.js'
import { Intake } from '../../edge-collector/src/store/intake.js'
import { Queue } from '../../edge-collector/src/store/queue.js'
import { type EdgeOrder, sampleAt, scanOf } from './edge_story.js'
import { Journal, readLedger } from './journal.js'
import { sabotaged } from './sabotage.js'

const order = JSON.parse(process.argv[2]!) as EdgeOrder
const ledger = readLedger(order.folder)
const journal = new Journal(order.folder)
const identity = loadIdentity(order.folder)!
const stopping = new AbortController()

let jumpMs = 0
let fullUntil = 0
const time: Time = { ...systemTime, clock: () => Date.now() + jumpMs }
const queue = new Queue({
  file: join(order.folder, 'queue.db'),
  maxBytes: 256 * 1024 * 1024,
  clock: time.clock,
})
const client = new PortalClient(identity, createTransport(new URL(identity.portal)), time)
const gate = new Gate({ time, firstMs: 200, longestMs: 3000 })
let isKnown = ledger.begun.size > 0
const uploader = new Uploader({
  queue,
  client: sabotaged(client, order.sabotage === 'drop'),
  gate,
  time,
  log: () => {},
  timeoutMs: 10_000,
  onReported: () => (isKnown = true),
})

/** The disk takes nothing for a while: what SQLite says when it is full, where it would say it. */
const disk = new Proxy(queue, {
  get: (target, name) => {
    if (name === 'append' && Date.now() < fullUntil) {
      return () => {
        throw Object.assign(new Error('database or disk is full'), { errcode: 13 })
      }
    }
    const value: unknown = Reflect.get(target, name, target)
    return typeof value === 'function' ? value.bind(target) : value
  },
})
const intake = new Intake({ queue: disk, offsetMs: () => 0, onStored: () => uploader.wake() })

process.on('message', (said: { jumpMs?: number; fullMs?: number; stop?: true }) => {
  if (said.jumpMs !== undefined) jumpMs += said.jumpMs
  if (said.fullMs !== undefined) fullUntil = Date.now() + said.fullMs
  if (said.stop) stopping.abort()
})
process.on('disconnect', () => process.exit(0))

/** Ticks that are held in memory because the disk took nothing. */
let waiting: number[] = []

function tick(number: number): void {
  journal.begin(number)
  for (let miner = 0; miner < order.miners; miner++) {
    const sample = sampleAt(order, miner, number)
    intake.add(sample)
    const isDoubled = order.sabotage === 'double' && number === 3
    if (isDoubled) intake.add({ ...sample, at: sample.at + 1 })
  }
  waiting.push(number)
  flush()
}

function flush(): void {
  intake.flush()
  if (intake.trouble !== null || waiting.length === 0) return
  journal.stored(waiting)
  waiting = []
}

async function live(): Promise<void> {
  if (!isKnown) queue.addReport(scanOf(order, randomUUID()))
  uploader.wake()
  while (!isKnown) await time.sleep(50)
  const first = Math.max(-1, ...ledger.begun) + 1
  for (let number = first; number < order.ticks; number++) {
    tick(number)
    await time.sleep(order.tickMs)
  }
  while (waiting.length > 0) {
    await time.sleep(100)
    flush()
  }
}

/** Until everything is with the portal. */
async function drain(): Promise<void> {
  while (queue.stats().batches > 0) await time.sleep(100)
}

const uploads = uploader.run(stopping.signal)
await live()
process.send?.({ lived: true })
await drain()
const { thinned, dropped, quarantined } = queue.stats()
process.send?.({ drained: true, thinned, dropped, quarantined })
stopping.abort()
await uploads
queue.close()
journal.close()
process.exit(0)
