import { DRIVERS } from '../drivers/registry.js'
import type { Log } from '../poll/time.js'
import { RESTART } from '../update/layout.js'
import { Collector } from './collector.js'
import { EXIT } from './command.js'
import { sayRunning, sayStopped } from './running.js'
import { serveStatus } from './status_page.js'

const LINGER_MS = 2000

/** Opens keys, settings, config and data. Throws Refusal. */
export async function checked(folder: string, log: Log): Promise<number> {
  await new Collector({ folder, drivers: DRIVERS, log }).stop()
  return EXIT.done
}

interface Given {
  isSupervised: boolean
  signal: AbortSignal
}

/** Reads and reports until it is told to end; gives the exit code. */
export async function work(folder: string, log: Log, given: Given): Promise<number> {
  const { isSupervised } = given
  const collector = new Collector({ folder, drivers: DRIVERS, log, isSupervised })
  const signal = isSupervised ? AbortSignal.any([given.signal, inputEnds()]) : given.signal
  try {
    const page = await serveStatus(() => collector.status(), collector.statusPort)
    try {
      sayRunning(folder, { pid: process.pid, statusPort: page.port })
      log('info', `status at http://127.0.0.1:${page.port}/`)
      const isStaged = collector.staged.then(() => true)
      const ends = Promise.race([collector.run(), aborted(signal)]).then(() => false)
      const isNext = await Promise.race([ends, isStaged])
      log('info', isNext ? 'ending for another version' : 'stopping')
      return isNext ? RESTART : EXIT.done
    } finally {
      sayStopped(folder)
      await page.close()
    }
  } finally {
    await collector.stop()
    // A miner that answers slowly must not hold up the end. Unref: usually nothing is left to do.
    setTimeout(() => process.exit(), LINGER_MS).unref()
  }
}

/** The launcher has ended, or wants an end. */
function inputEnds(): AbortSignal {
  const ended = new AbortController()
  process.stdin.once('close', () => ended.abort())
  process.stdin.once('error', () => ended.abort())
  process.stdin.resume()
  process.stdin.unref?.()
  return ended.signal
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
