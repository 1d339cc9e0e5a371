import { checkMeterConfig, type MeterConfig, type MeterSample } from '../../protocol/meters.js'
import { Gateway } from '../modbus/gateway.js'
import { DEFAULT_PACE, Schedule } from '../poll/schedule.js'
import type { Log, Time } from '../poll/time.js'
import { describe } from '../values/text.js'
import { readMeter } from './read_meter.js'

export interface MeterPollerOptions {
  emit: (sample: MeterSample) => void
  time: Time
  log: Log
  /** For tests: how patiently a device is asked. */
  answerMs?: number
}

const TICK_MS = 200

/** Reads the meters of a site when they are due, each over the one connection of its address. */
export class MeterPoller {
  readonly #options: MeterPollerOptions
  /** One for each pace, since a schedule has one. */
  readonly #schedules = new Map<number, Schedule>()
  readonly #gateways = new Map<string, Gateway>()
  readonly #running = new Set<Promise<void>>()
  #meters = new Map<string, MeterConfig>()

  constructor(options: MeterPollerOptions) {
    this.#options = options
  }

  /** Reads these and no others from now on. */
  setMeters(meters: readonly MeterConfig[]): void {
    this.#meters = new Map(meters.map((meter) => [meter.id, meter]))
    const byPace = Map.groupBy(meters, ({ pollSeconds }) => pollSeconds)
    const now = this.#options.time.monotonic()
    for (const seconds of new Set([...byPace.keys(), ...this.#schedules.keys()])) {
      this.#scheduleOf(seconds).set(
        (byPace.get(seconds) ?? []).map(({ id }) => id),
        now
      )
    }
    const wanted = new Set(meters.map(addressOf))
    for (const [address, gateway] of this.#gateways) {
      if (wanted.has(address)) continue
      gateway.close()
      this.#gateways.delete(address)
    }
  }

  get count(): number {
    return this.#meters.size
  }

  /** Until the signal; then waits for what is under way and hangs up. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.tick(signal)
      await this.#options.time.sleep(TICK_MS, signal)
    }
    await Promise.all(this.#running)
    for (const gateway of this.#gateways.values()) gateway.close()
  }

  /** Starts what is due now. */
  tick(signal: AbortSignal): void {
    const now = this.#options.time.monotonic()
    for (const schedule of this.#schedules.values()) {
      for (const { miner: id, type } of schedule.due(now)) {
        if (type === 'echo') this.#tell(id, { outcome: 'unreachable' }, 0)
        else this.#start(id, schedule, signal)
      }
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running)
  }

  #start(id: string, schedule: Schedule, signal: AbortSignal): void {
    const poll = this.#poll(id, schedule, signal).finally(() => this.#running.delete(poll))
    this.#running.add(poll)
  }

  async #poll(id: string, schedule: Schedule, signal: AbortSignal): Promise<void> {
    const { time, log } = this.#options
    const [meter, startedAt] = [this.#meters.get(id), time.monotonic()]
    let isReachable = true
    try {
      if (!meter) return
      const at = time.clock()
      const reading = tooNew(meter) ?? (await readMeter(meter, this.#gatewayOf(meter), signal))
      isReachable = reading.outcome !== 'unreachable'
      const pollMs = Math.round(time.monotonic() - startedAt)
      if (!signal.aborted) this.#tell(id, reading, pollMs, at)
    } catch (error) {
      // One meter must not end the others' polls.
      log('error', `reading meter ${id}: ${describe(error)}`)
    } finally {
      schedule.finished(id, time.monotonic(), { isReachable, isAnomaly: false })
    }
  }

  /** It may have been taken off the list while it was being asked. */
  #tell(
    id: string,
    reading: Omit<MeterSample, 'meter' | 'at' | 'poll_ms'>,
    pollMs: number,
    at = this.#options.time.clock()
  ): void {
    if (!this.#meters.has(id)) return
    this.#options.emit({ meter: id, at, poll_ms: pollMs, ...reading })
  }

  #gatewayOf(meter: MeterConfig): Gateway {
    const address = addressOf(meter)
    const { ip, port } = meter
    const { answerMs } = this.#options
    const gateway =
      this.#gateways.get(address) ?? new Gateway({ ip, port, ...(answerMs ? { answerMs } : {}) })
    this.#gateways.set(address, gateway)
    return gateway
  }

  #scheduleOf(seconds: number): Schedule {
    const pace = { ...DEFAULT_PACE, pollMs: seconds * 1000 }
    const schedule = this.#schedules.get(seconds) ?? new Schedule(pace)
    this.#schedules.set(seconds, schedule)
    return schedule
  }
}

/** What a device is that a newer portal knows and this version does not; null: it can be read. */
function tooNew(meter: MeterConfig): Pick<MeterSample, 'outcome' | 'trouble'> | null {
  const fault = checkMeterConfig(meter)
  if (!fault) return null
  const what = `${fault.field} ${fault.reason}`.trim()
  return { outcome: 'refused', trouble: `this collector cannot read it (${what}): is it too old?` }
}

const addressOf = ({ ip, port }: MeterConfig): string => `${ip}:${port}`
