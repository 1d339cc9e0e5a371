import { loadMembership } from '../portal/identity.js'
import { type Command, EXIT } from './command.js'
import { askRunning } from './running.js'
import { noWords, refusing, STATE_HELP, STATE_OPTION, stateFolder } from './state_folder.js'
import { table } from './table.js'

/** How the collector of this machine is. */
export const status: Command = {
  name: 'status',
  usage: '[--state DIR] [--json]',
  summary: 'show how the collector of this machine is',
  options: { ...STATE_OPTION, json: { type: 'boolean' } },
  help: `${STATE_HELP}
  --json           print JSON

  Exit code 1 when it does not run, or when something is wrong with it.`,
  run: refusing(async (given, { out, err }) => {
    noWords(given)
    const folder = stateFolder(given)
    if (!loadMembership(folder)) {
      err(`${folder} is not enrolled`)
      return EXIT.failed
    }
    const now = await askRunning(folder)
    if (!now) {
      err('it does not run')
      return EXIT.failed
    }
    out(given.options.json ? JSON.stringify(now, null, 2) : toText(now))
    const isWell = TROUBLES.every((name) => now[name] === null) && now.isRefused === false
    return isWell ? EXIT.done : EXIT.failed
  }),
}

const TROUBLES = ['portalTrouble', 'storageTrouble', 'configTrouble']

const toText = (now: Record<string, unknown>) =>
  table(
    Object.entries(now).map(([name, value]) => [
      name,
      value === null ? '-' : typeof value === 'object' ? JSON.stringify(value) : String(value),
    ])
  )
