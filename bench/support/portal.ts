import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { ignite } from '../../bin/ignitor.js'

/** A port that nobody listens on. */
export const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/** Whether the address answers 200 within the time. */
export async function waitFor(url: string, limitMs: number) {
  const end = performance.now() + limitMs
  while (performance.now() < end) {
    const answered = await fetch(url).then(
      (response) => response.ok,
      () => false
    )
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${url} did not answer in ${limitMs} ms`)
}

/** The application without its web server, for making people and rows. */
export async function bootApplication() {
  const app = ignite().createApp('console')
  await app.init()
  await app.boot()
  return app
}

/** A child process of the checkout that is ended with `stop()`. */
export function startProcess(args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { pid: child.pid!, ended, stop }
}

/** The web server alone, in production mode, on a free port. */
export async function startWeb() {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { DATABASE_OWNER_URL: _, ...rest } = process.env
  const env = { ...rest, NODE_ENV: 'production', PORT: String(port), APP_URL: url }
  const web = startProcess(['--import=@poppinss/ts-exec', 'bin/server.ts'], env)
  await waitFor(`${url}/health/ready`, 60_000)
  return { url, ...web }
}
