import { kindOf, type Stored } from '../store/parcels.js'
import { Queue } from '../store/queue.js'
import { VirtualClock } from './clock.js'
import { Fleet } from './fleet.js'
import type { FleetFile } from './fleet_file.js'
import { sampleOf } from './samples.js'

const PER_BATCH = 1000
/** As far apart as the portal still takes for one line. */
const STEP_S = 120

interface Past {
  file: FleetFile
  /** Unix milliseconds. */
  from: number
  to: number
  /** Of the queue. */
  maxBytes: number
  /** Whose machines and devices go into which file of a queue. */
  queueOf(ip: string): string
  /** The meters of the portal that are units of the device at an address. */
  unitsOf?(ip: string): readonly { unit: number; meter: string }[]
}

/** Puts what the site did before now into queues, as after an outage: it is sent as back-fill. */
export function queuePast({ file, from, to, maxBytes, queueOf, unitsOf }: Past): void {
  const clock = new VirtualClock(from, 0)
  const fleet = new Fleet({ file, clock })
  const shelf = new Shelf(maxBytes, () => clock.now())
  try {
    for (; clock.now() < to; clock.advance(STEP_S)) {
      for (const [ip, sample] of said(fleet, unitsOf)) shelf.put(queueOf(ip), sample)
    }
    shelf.flush()
  } finally {
    shelf.close()
  }
}

/** What everybody says now, by address. */
function* said(fleet: Fleet, unitsOf: Past['unitsOf']): Iterable<[ip: string, sample: Stored]> {
  for (const machine of fleet.machines()) yield [machine.ip, sampleOf(machine)]
  for (const device of fleet.devices) {
    for (const { unit, meter } of unitsOf?.(device.ip) ?? []) {
      const sample = device.sample(unit, meter)
      if (sample) yield [device.ip, sample]
    }
  }
}

/** Batches on their way into queues. A batch holds samples of miners or of meters, not of both. */
class Shelf {
  readonly #held = new Map<string, { path: string; samples: Stored[] }>()
  readonly #queues = new Map<string, Queue>()
  readonly #maxBytes: number
  readonly #clock: () => number

  constructor(maxBytes: number, clock: () => number) {
    this.#maxBytes = maxBytes
    this.#clock = clock
  }

  put(path: string, sample: Stored): void {
    const key = `${kindOf(sample)} ${path}`
    const batch = this.#held.get(key) ?? { path, samples: [] }
    this.#held.set(key, batch)
    if (batch.samples.push(sample) < PER_BATCH) return
    this.#append(path, batch.samples.splice(0))
  }

  flush(): void {
    for (const { path, samples } of this.#held.values()) {
      if (samples.length > 0) this.#append(path, samples)
    }
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close()
  }

  #append(path: string, samples: readonly Stored[]): void {
    const options = { file: path, maxBytes: this.#maxBytes, clock: this.#clock }
    const queue = this.#queues.get(path) ?? new Queue(options)
    this.#queues.set(path, queue)
    queue.append(samples, 0)
  }
}
