import { join } from 'node:path'
import { launch } from '../launch/launcher.js'
import type { Log } from '../poll/time.js'
import type { Command } from './command.js'
import { noWords, refusing, STATE_HELP, STATE_OPTION, stateFolder } from './state_folder.js'
import { VERSION } from './version.js'

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
    if (check !== true && supervised !== true && IS_PACKED) {
      return launch({ folder, installed: INSTALLED, signal: terminal.signal, log })
    }
    // The launcher does without: it would hold all drivers beside the collector.
    const { checked, work } = await import('./work.js')
    if (check === true) return checked(folder, log)
    return work(folder, log, { isSupervised: supervised === true, signal: terminal.signal })
  }),
}

/** From the sources it runs as it is: what reads TypeScript needs threads. */
const IS_PACKED = import.meta.filename.endsWith('.js')
const INSTALLED = { home: join(import.meta.dirname, '../..'), version: VERSION }
