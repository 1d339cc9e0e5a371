import { DRIVERS } from '../drivers/registry.js'
import type { Log } from '../poll/time.js'
import { Collector } from './collector.js'
import { type Command, EXIT } from './command.js'
import { sayRunning, sayStopped } from './running.js'
import { noWords, refusing, STATE_HELP, STATE_OPTION, stateFolder } from './state_folder.js'
import { serveStatus } from './status_page.js'

const LINGER_MS = 2000

/** Reads miners and reports, until it is told to stop. */
export const run: Command = {
  name: 'run',
  usage: '[--state DIR]',
  summary: 'read the miners of this site and report to the portal',
  options: STATE_OPTION,
  help: `${STATE_HELP}

  SIGTERM or Ctrl-C ends it within ten seconds; what was not sent is sent after the next start.`,
  run: refusing(async (given, { err, signal }) => {
    noWords(given)
    const folder = stateFolder(given)
    // The journal of the system writes the time.
    const log: Log = (level, message) => err(`${level}: ${message}`)
    const collector = new Collector({ folder, drivers: DRIVERS, log })
    try {
      const page = await serveStatus(() => collector.status(), collector.statusPort)
      try {
        sayRunning(folder, { pid: process.pid, statusPort: page.port })
        log('info', `status at http://127.0.0.1:${page.port}/`)
        await Promise.race([collector.run(), aborted(signal)])
        log('info', 'stopping')
      } finally {
        sayStopped(folder)
        await page.close()
      }
    } finally {
      await collector.stop()
    }
    // A miner that answers slowly must not hold up the end. Unref: usually nothing is left to do.
    setTimeout(() => process.exit(), LINGER_MS).unref()
    return EXIT.done
  }),
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
