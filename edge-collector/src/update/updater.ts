import { EDGE_PATH } from '../../protocol/messages.js'
import type { UpdateOrder, UpdateReport } from '../../protocol/updates.js'
import type { Log } from '../poll/time.js'
import { writePrivate } from '../portal/files.js'
import { PortalUnreachable, type Transport } from '../portal/transport.js'
import { layoutOf } from './layout.js'
import { openPackage } from './package_file.js'
import { type Active, readActive, sayReached } from './record.js'
import { BadPackage } from './tar.js'

export interface UpdaterOptions {
  folder: string
  /** That runs. */
  version: string
  /** A launcher waits to start the next version. */
  isSupervised: boolean
  transport: Transport
  log: Log
  order: () => UpdateOrder | null
  /** A version waits: time to end. */
  onStaged: () => void
}

const FETCH_MS = 120_000

/** Fetches the version that the portal ordered. Switching is the launcher's business. */
export class Updater {
  readonly #options: UpdaterOptions
  #isReached = false
  #isBusy = false
  #staged = 0
  #failed: { request: number; reason: string } | null = null
  #trouble: string | null = null

  constructor(options: UpdaterOptions) {
    this.#options = options
  }

  /** What became of the newest order; null without one. */
  get report(): UpdateReport | null {
    const order = this.#options.order()
    if (!order) return null
    const { request, version } = order
    return { request, version, ...this.#stateOf(order) }
  }

  /** The portal answered a heartbeat. */
  async reached(signal: AbortSignal): Promise<void> {
    const { folder, version, isSupervised } = this.#options
    if (!this.#isReached && isSupervised) sayReached(folder, version)
    this.#isReached = true
    const order = this.#options.order()
    if (!order || this.#isBusy || this.#stateOf(order).state !== 'fetching') return
    this.#isBusy = true
    try {
      await this.#fetch(order, signal)
    } finally {
      this.#isBusy = false
    }
  }

  #stateOf({ request, version }: UpdateOrder): Pick<UpdateReport, 'state' | 'reason'> {
    const { folder, isSupervised } = this.#options
    const active = isSupervised ? readActive(folder) : null
    if (version === this.#options.version) {
      return { state: active?.trial ? 'trial' : 'good', reason: null }
    }
    const failed = [this.#failed, active?.failed].find((one) => one?.request === request)
    const hindrance = failed?.reason ?? this.#hindrance(request, active)
    if (hindrance !== null) return { state: 'failed', reason: hindrance }
    return { state: this.#staged === request ? 'staged' : 'fetching', reason: this.#trouble }
  }

  #hindrance(request: number, active: Active | null): string | null {
    if (!this.#options.isSupervised) return 'it runs without its launcher'
    const isDone = active !== null && active.request >= request
    return isDone ? 'another package was installed since' : null
  }

  async #fetch(order: UpdateOrder, signal: AbortSignal): Promise<void> {
    const { folder, version, log, onStaged } = this.#options
    try {
      const packed = await this.#download(signal)
      openPackage(packed, order, version)
      writePrivate(layoutOf(folder).packed(order.sha256), packed)
    } catch (error) {
      if (error instanceof BadPackage) {
        log('error', `version ${order.version}: ${error.message}`)
        this.#failed = { request: order.request, reason: error.message.slice(0, 300) }
      } else if (error instanceof PortalUnreachable) this.#trouble = error.message.slice(0, 300)
      else throw error
      return
    }
    this.#staged = order.request
    this.#trouble = null
    log('info', `version ${order.version} is fetched and checked`)
    onStaged()
  }

  async #download(signal: AbortSignal): Promise<Buffer> {
    const path = `${EDGE_PATH}/collector.tgz`
    const asked = { method: 'GET', path, headers: {}, body: new Uint8Array() } as const
    const { status, body } = await this.#options.transport({
      ...asked,
      timeoutMs: FETCH_MS,
      signal,
    })
    if (status !== 200) throw new PortalUnreachable(`the package: HTTP ${status}`)
    return body
  }
}
