import { join } from 'node:path'
import { DRIVERS } from '../drivers/registry.js'
import { launch } from '../launch/launcher.js'
import type { Log } from '../poll/time.js'
import { RESTART } from '../update/layout.js'
import { Collector } from './collector.js'
import { type Command, EXIT } from './command.js'
import { sayRunning, sayStopped } from './running.js'
import { noWords, refusing, STATE_HELP, STATE_OPTION, stateFolder } from './state_folder.js'
import { serveStatus } from './status_page.js'
import { VERSION } from './version.js'

const LINGER_MS = 2000

/** Reads miners and reports, until it is told to stop. */
export const run: Command = {
  name: 'run',
  usage: '[--state DIR] [--check]',
  summary: 'read the miners of this site and report to the portal',
  options: { ...STATE_OPTION, check: { type: 'boolean' }, supervised: { type: 'boolean' } },
  help: `${STATE_HELP}
  --check          open everything as a start would, and start nothing
  --supervised     end when the standard input ends; what starts it is the launcher

  It runs in a process of its own that may read its code and its state folder, write its data there
  and start nothing; a small launcher beside it changes versions when the portal orders that.
  SIGTERM or Ctrl-C ends it within ten seconds; what was not sent is sent after the next start.`,
  run: refusing(async (given, terminal) => {
    noWords(given)
    const folder = stateFolder(given)
    // The journal of the system writes the time.
    const log: Log = (level, message) => terminal.err(`${level}: ${message}`)
    const { check, supervised } = given.options
    if (check === true) return checked(folder, log)
    if (supervised !== true && IS_PACKED) {
      return launch({ folder, installed: INSTALLED, signal: terminal.signal, log })
    }
    return work(folder, log, { isSupervised: supervised === true, signal: terminal.signal })
  }),
}

/** From the sources it runs as it is: what reads TypeScript needs threads. */
const IS_PACKED = import.meta.filename.endsWith('.js')
const INSTALLED = { home: join(import.meta.dirname, '../..'), version: VERSION }

/** Opens keys, settings, config and data. Throws Refusal. */
async function checked(folder: string, log: Log): Promise<number> {
  await new Collector({ folder, drivers: DRIVERS, log }).stop()
  return EXIT.done
}

interface Given {
  isSupervised: boolean
  signal: AbortSignal
}

async function work(folder: string, log: Log, given: Given): Promise<number> {
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
