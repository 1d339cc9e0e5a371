/**
 * Loaded into web and worker (node --import): a supervisor that was killed with SIGKILL cannot
 * stop its children, so they look after themselves.
 */
import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.platform !== 'win32') {
  const parent = process.ppid
  const signal = process.env.HI_END_WITH ?? 'SIGTERM'
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10_000).unref()
    process.kill(process.pid, signal)
  }, 500)
  timer.unref()
}
