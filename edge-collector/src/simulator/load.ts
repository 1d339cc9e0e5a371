import { randomUUID } from 'node:crypto'
import type { Batch, DiscoveryReport, FoundMiner } from '../../protocol/messages.js'
import { driverNamed } from '../drivers/registry.js'
import type { Answer, PortalClient } from '../portal/client.js'
import type { Time } from '../poll/time.js'
import type { Fleet } from './fleet.js'
import type { Machine } from './machine.js'
import { sampleOf } from './samples.js'

/** What the portal took. */
export interface LoadReport {
  miners: number
  rounds: number
  samples: number
  /** Samples that the portal kept aside. */
  quarantined: number
  seconds: number
  samplesPerSecond: number
  /** Rounds that took longer than their time. */
  lateRounds: number
}

export interface LoadOptions {
  fleet: Fleet
  client: Pick<PortalClient, 'post' | 'offsetMs'>
  time: Time
  /** From round to round. */
  everyMs: number
  rounds: number
  signal: AbortSignal
  say(line: string): void
}

const PER_BATCH = 1000
const PER_REPORT = 2500
/** Batches under way at once. */
const LANES = 4

/** The portal said no: a load that goes on would measure nothing. */
export class LoadRefused extends Error {
  constructor(what: string, { status, code }: Answer) {
    super(`${what}: the portal answers ${status} ${code ?? ''}`.trim())
    this.name = 'LoadRefused'
  }
}

/**
 * Sends what a collector would send of these machines, signed and numbered, without a socket
 * between them and us: the load of a hundred thousand miners on the portal alone. Each machine is
 * read once a round. Throws LoadRefused.
 */
export async function postLoad(options: LoadOptions): Promise<LoadReport> {
  const { fleet, time, everyMs, rounds, signal, say } = options
  await tellMachines(options)
  say(`${fleet.miners} machines are told`)
  const began = time.monotonic()
  const sender = new Sender(options)
  const report = { samples: 0, quarantined: 0, rounds: 0, lateRounds: 0 }
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    const startedAt = time.monotonic()
    const { samples, quarantined } = await sender.round()
    report.samples += samples
    report.quarantined += quarantined
    report.rounds += 1
    const tookMs = time.monotonic() - startedAt
    say(`round ${round + 1}: ${samples} samples in ${(tookMs / 1000).toFixed(1)} s`)
    if (tookMs > everyMs) report.lateRounds += 1
    else if (round + 1 < rounds) await time.sleep(everyMs - tookMs, signal)
  }
  const seconds = (time.monotonic() - began) / 1000
  const samplesPerSecond = Math.round(report.samples / seconds)
  return { miners: fleet.miners, ...report, seconds: Math.round(seconds), samplesPerSecond }
}

/** One scan in parts, so that the machines are known before their samples come. */
async function tellMachines({ fleet, client, time }: LoadOptions): Promise<void> {
  const scan: Omit<DiscoveryReport, 'found' | 'isPartial'> = {
    scanId: randomUUID(),
    startedAt: time.clock(),
    finishedAt: time.clock(),
    addresses: fleet.miners,
    rangeId: null,
  }
  let found: FoundMiner[] = []
  let left = fleet.miners
  for (const machine of fleet.machines()) {
    found.push(foundOf(machine))
    left -= 1
    if (found.length < PER_REPORT && left > 0) continue
    const answer = await client.post('discovery', { ...scan, isPartial: left > 0, found })
    if (answer.status !== 200) throw new LoadRefused('the scan', answer)
    found = []
  }
}

function foundOf(machine: Machine): FoundMiner {
  const { ip, mac, serial, model, firmwareVersion, hostname } = machine
  return {
    miner: `mac:${mac}`,
    ip,
    mac,
    serial,
    driver: model.face,
    make: null,
    model: model.name.replace(/ \([^)]*\)$/, ''),
    firmwareFamily: null,
    firmwareVersion,
    hostname,
    evidence: driverNamed(model.face)?.evidence ?? 'none',
  }
}

/** Numbers batches as a queue does, and keeps a few under way. */
class Sender {
  readonly #options: LoadOptions
  readonly #bootId = randomUUID()
  #seq = 0

  constructor(options: LoadOptions) {
    this.#options = options
  }

  async round(): Promise<{ samples: number; quarantined: number }> {
    const machines = this.#options.fleet.machines()[Symbol.iterator]()
    const sums = { samples: 0, quarantined: 0 }
    const lane = async () => {
      for (let some = take(machines); some.length > 0; some = take(machines)) {
        const answer = await this.#send(some)
        sums.samples += some.length
        sums.quarantined += answer
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    return sums
  }

  async #send(machines: readonly Machine[]): Promise<number> {
    const { client, time } = this.#options
    this.#seq += 1
    const batch: Batch = {
      bootId: this.#bootId,
      seq: this.#seq,
      sentAt: time.clock(),
      offsetMs: client.offsetMs(),
      isBackfill: false,
      samples: machines.map((machine) => sampleOf(machine)),
    }
    const answer = await client.post('telemetry', batch)
    if (answer.status !== 200) throw new LoadRefused(`batch ${batch.seq}`, answer)
    const { quarantined } = answer.body as { quarantined?: unknown[] }
    return quarantined?.length ?? 0
  }
}

function take(machines: Iterator<Machine>): Machine[] {
  const some: Machine[] = []
  while (some.length < PER_BATCH) {
    const next = machines.next()
    if (next.done) break
    some.push(next.value)
  }
  return some
}
