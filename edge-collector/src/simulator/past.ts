import type { Sample } from '../../protocol/sample.js'
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
  /** Whose machines go into which file of a queue. */
  queueOf(ip: string): string
}

/** Puts what the machines did before now into queues, as after an outage: it is sent as back-fill. */
export function queuePast({ file, from, to, maxBytes, queueOf }: Past): void {
  const clock = new VirtualClock(from, 0)
  const fleet = new Fleet({ file, clock })
  const held = new Map<string, Sample[]>()
  const queues = new Map<string, Queue>()
  const put = (path: string, samples: readonly Sample[]) => {
    const options = { file: path, maxBytes, clock: () => clock.now() }
    const queue = queues.get(path) ?? new Queue(options)
    queues.set(path, queue)
    queue.append(samples, 0)
  }
  const hold = (path: string, sample: Sample) => {
    const samples = held.get(path) ?? []
    held.set(path, samples)
    if (samples.push(sample) >= PER_BATCH) put(path, samples.splice(0))
  }
  try {
    for (; clock.now() < to; clock.advance(STEP_S)) {
      for (const machine of fleet.machines()) hold(queueOf(machine.ip), sampleOf(machine))
    }
    for (const [path, samples] of held) if (samples.length > 0) put(path, samples)
  } finally {
    for (const queue of queues.values()) queue.close()
  }
}
