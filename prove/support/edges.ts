import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { ChaosProxy } from './chaos_proxy.js'
import type { EdgeOrder } from './edge_story.js'

interface Said {
  lived?: true
  drained?: true
  thinned?: number
  dropped?: number
  quarantined?: number
}

/** A simulated edge with its way to the portal; started again whenever it was killed. */
export class SimulatedEdge {
  readonly order: EdgeOrder
  readonly proxy: ChaosProxy
  readonly drained: Promise<Said>
  #child: ChildProcess | null = null
  #drain = Promise.withResolvers<Said>()
  #isDone = false
  kills = 0

  constructor(order: EdgeOrder, proxy: ChaosProxy) {
    this.order = order
    this.proxy = proxy
    this.drained = this.#drain.promise
  }

  start(): void {
    const child = fork(new URL('edge_process.ts', import.meta.url), [JSON.stringify(this.order)], {
      execArgv: ['--import=@poppinss/ts-exec'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child = child
    child.on('message', (said: Said) => {
      if (!said.drained) return
      this.#isDone = true
      this.#drain.resolve(said)
    })
    child.once('exit', (code) => {
      if (this.#isDone) return
      if (code !== null && code !== 0)
        this.#drain.reject(new Error(`edge ${this.order.edge}: exit ${code}`))
      else this.start()
    })
  }

  kill(): void {
    if (this.#isDone) return
    this.kills += 1
    this.#child?.kill('SIGKILL')
  }

  tell(message: object): void {
    if (this.#child?.connected) this.#child.send(message)
  }

  async end(): Promise<void> {
    this.#isDone = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}
