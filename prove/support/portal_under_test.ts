import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort, waitFor } from '../../bench/support/portal.js'

const ARGS = ['--import=@poppinss/ts-exec']

/** A process that is started again whenever it was killed. */
class Kept {
  readonly #script: string
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | null = null
  #isStopped = false

  constructor(script: string, env: NodeJS.ProcessEnv) {
    this.#script = script
    this.#env = env
  }

  start(): void {
    const child = spawn(process.execPath, [...ARGS, this.#script], {
      env: this.#env,
      stdio: ['ignore', 'ignore', process.env.PROVE_LOG ? 'inherit' : 'ignore'],
    })
    this.#child = child
    child.once('exit', () => {
      if (!this.#isStopped) this.start()
    })
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}

/** Web server and worker in production mode, on one port however often they are killed. */
export async function startPortal() {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { DATABASE_OWNER_URL: _, ...rest } = process.env
  const env = { ...rest, NODE_ENV: 'production', PORT: String(port), APP_URL: url }
  const web = new Kept('bin/server.ts', env)
  const worker = new Kept('bin/worker.ts', env)
  web.start()
  await waitFor(`${url}/health/ready`, 60_000)
  worker.start()
  return {
    port,
    url,
    killWeb: () => web.kill(),
    killWorker: () => worker.kill(),
    ready: () => waitFor(`${url}/health/ready`, 120_000),
    stop: () => Promise.all([web.stop(), worker.stop()]),
  }
}
