import type { Heartbeat } from '../../protocol/messages.js'
import type { Log, Time } from '../poll/time.js'
import type { PortalClient } from './client.js'
import { ConfigRefused, type ConfigStore } from './config.js'
import type { Gate } from './gate.js'
import { PortalUnreachable } from './transport.js'
import { judge } from './verdict.js'

export interface HeartbeatOptions {
  client: Pick<PortalClient, 'post' | 'get'>
  gate: Gate
  time: Time
  log: Log
  configs: ConfigStore
  /** How the collector is now. */
  beat: () => Heartbeat
  onConfig: () => void
  /** The portal answered well. */
  onAnswered?: (signal: AbortSignal) => Promise<void>
  everyMs?: number
}

const EVERY_MS = 20_000
/** While the portal refuses us: it may change its mind. */
const REFUSED_EVERY_MS = 300_000
const TIMEOUT_MS = 10_000

/** Says how the collector is, apart from data, and learns whether there is a new config. */
export class Heartbeats {
  readonly #options: HeartbeatOptions
  /** When the portal answered well the last time. */
  answeredAt: number | null = null
  /** Why the last config was not taken. */
  configTrouble: string | null = null

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  async run(signal: AbortSignal): Promise<void> {
    const { time, gate, everyMs = EVERY_MS } = this.#options
    while (!signal.aborted) {
      await this.once(signal)
      await time.sleep(gate.isRefused ? Math.max(everyMs, REFUSED_EVERY_MS) : everyMs, signal)
    }
  }

  async once(signal: AbortSignal): Promise<void> {
    try {
      await this.#beat(signal)
    } catch (error) {
      if (!(error instanceof PortalUnreachable)) throw error
      if (!signal.aborted) this.#options.gate.silent(error.message)
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { client, gate, beat, log, time, configs } = this.#options
    const verdict = judge(await client.post('heartbeat', beat(), { timeoutMs: TIMEOUT_MS, signal }))
    if (verdict.type === 'refused') {
      if (!gate.isRefused) log('error', `the portal refuses this collector: ${verdict.reason}`)
      gate.refused(`refused: ${verdict.reason}`)
    } else if (verdict.type === 'taken') {
      gate.reached()
      this.answeredAt = time.clock()
      if (Number(verdict.body.configVersion) > configs.version) await this.#fetch(signal)
      await this.#options.onAnswered?.(signal)
    } else log('warn', `heartbeat: ${'reason' in verdict ? verdict.reason : verdict.type}`)
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const { client, log } = this.#options
    const verdict = judge(await client.get('config', { timeoutMs: TIMEOUT_MS, signal }))
    if (verdict.type !== 'taken') return log('warn', `config: ${verdict.type}`)
    const trouble = this.#take(verdict.body)
    if (trouble !== null && trouble !== this.configTrouble) log('error', trouble)
    this.configTrouble = trouble
  }

  /** Why it was not taken: it is refused, or the disk does not keep it. Asked again with the next. */
  #take(signed: unknown): string | null {
    const { configs, onConfig } = this.#options
    let isNew: boolean
    try {
      isNew = configs.take(signed)
    } catch (error) {
      if (error instanceof ConfigRefused || isOfDisk(error)) return error.message
      throw error
    }
    if (isNew) onConfig()
    return null
  }
}

const isOfDisk = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
