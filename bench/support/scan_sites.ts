import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { SiteOrder } from './scan_site.js'

/** A place on loopback where one address of ten is a miner. */
export interface BenchSite {
  range: string
  port: number
  miners: number
  close(): Promise<void>
}

const SHARE = 10

const start = async (order: SiteOrder): Promise<ChildProcess> => {
  const child = fork(new URL('scan_site.ts', import.meta.url), {
    execArgv: ['--import=@poppinss/ts-exec'],
  })
  child.send(order)
  const [word] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (word !== 'ready') throw new Error(`${order.role}: the process ended with ${word}`)
  return child
}

const stop = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/**
 * Every tenth of these addresses answers; the others refuse, or are silent: their process listens
 * with a queue of one, is stopped, and the queue is filled, so that the kernel drops who comes next.
 */
export const openSite = async (place: {
  range: string
  addresses: readonly string[]
  port: number
  isSilent: boolean
}): Promise<BenchSite> => {
  const { range, addresses, port, isSilent } = place
  const live = addresses.filter((_, index) => index % SHARE === 0)
  const children: ChildProcess[] = []
  const close = async () => {
    await Promise.all(children.map(stop))
  }
  try {
    children.push(await start({ role: 'live', addresses: live, port }))
    if (isSilent) {
      const dead = addresses.filter((_, index) => index % SHARE !== 0)
      const silent = await start({ role: 'silent', addresses: dead, port })
      children.push(silent)
      silent.kill('SIGSTOP')
      children.push(await start({ role: 'fillers', addresses: dead, port }))
    }
  } catch (error) {
    await close()
    throw error
  }
  return { range, port, miners: live.length, close }
}
