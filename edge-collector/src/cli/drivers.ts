import { DRIVERS } from '../drivers/registry.js'
import { type Command, EXIT, UsageError } from './command.js'
import { table } from './table.js'

/** Which families there are, and how sure we are of each. */
export const drivers: Command = {
  name: 'drivers',
  usage: '[--json]',
  summary: 'list the families of miners that this version reads',
  options: { json: { type: 'boolean' } },
  help: `  --json           print JSON

  recorded: checked against answers of real machines; constructed: against answers that were
  written after the maker's documents; none: not checked.`,
  run: ({ words, options }, { out }) => {
    if (words.length > 0) throw new UsageError(`"${words[0]}" is one word too many`)
    const list = DRIVERS.map(({ name, label, evidence }) => ({ name, label, evidence }))
    out(
      options.json
        ? JSON.stringify(list, null, 2)
        : table([
            ['NAME', 'FAMILY', 'CHECKED'],
            ...list.map(({ name, label, evidence }) => [name, label, evidence]),
          ])
    )
    return Promise.resolve(EXIT.done)
  },
}
