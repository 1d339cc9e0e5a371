import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isInUse } from '../store/database.js'
import { Queue } from '../store/queue.js'
import { Refusal } from '../portal/refusal.js'
import { type Command, EXIT } from './command.js'
import { noWords, refusing, STATE_HELP, STATE_OPTION, stateFolder } from './state_folder.js'

const OURS = [
  'key.pem',
  'identity.json',
  'config.json',
  'run.json',
  'updates',
  'versions',
  ...['queue.db', 'miners.db'].flatMap((name) => [name, `${name}-wal`, `${name}-shm`]),
]

/** Forgets the portal, the key and the data. */
export const uninstall: Command = {
  name: 'uninstall',
  usage: '--yes [--state DIR]',
  summary: 'forget the portal, the key and all data of this machine',
  options: { ...STATE_OPTION, yes: { type: 'boolean' } },
  help: `  --yes            really; without it the command says what would be lost
${STATE_HELP}

  edge.json with the logins of miners stays. Take the collector out in the portal as well.`,
  run: refusing(async (given, { out, err }) => {
    noWords(given)
    const folder = stateFolder(given)
    const unsent = unsentIn(folder)
    if (given.options.yes !== true) {
      err(`${folder}: the key and ${unsent} batches that were not sent would be lost; add --yes`)
      return EXIT.failed
    }
    for (const name of OURS) rmSync(join(folder, name), { force: true, recursive: true })
    out(`${folder} is empty but for edge.json. Take the collector out in the portal as well.`)
    return EXIT.done
  }),
}

const SMALL = 16 * 1024 * 1024

/** Throws Refusal while a collector runs. */
function unsentIn(folder: string): number {
  const file = join(folder, 'queue.db')
  if (!existsSync(file)) return 0
  try {
    const queue = new Queue({ file, maxBytes: SMALL, clock: Date.now })
    const { batches } = queue.stats()
    queue.close()
    return batches
  } catch (error) {
    if (!isInUse(error)) throw error
    throw new Refusal(`a collector runs in ${folder}; stop it first`)
  }
}
