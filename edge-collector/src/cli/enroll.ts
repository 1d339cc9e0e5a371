import { hostname } from 'node:os'
import { enroll as join } from '../portal/enroll.js'
import { type Command, EXIT, textOption, UsageError } from './command.js'
import { noWords, refusing, STATE_HELP, STATE_OPTION, stateFolder } from './state_folder.js'
import { VERSION } from './version.js'

/** Becomes a collector of a portal. */
export const enroll: Command = {
  name: 'enroll',
  usage: '--portal URL --code ABCD-EFGH [--state DIR]',
  summary: 'join a portal with a code that it shows',
  options: {
    ...STATE_OPTION,
    'portal': { type: 'string' },
    'code': { type: 'string' },
    'allow-http': { type: 'boolean' },
  },
  help: `  --portal URL     as in https://portal.example
  --code CODE      shown once by the portal, good for half an hour
  --allow-http     take a portal without TLS: what is read at the site can be seen on the way
${STATE_HELP}`,
  run: refusing(async (given, { out }) => {
    noWords(given)
    const portal = textOption(given, 'portal')
    const code = textOption(given, 'code')
    if (portal === undefined) throw new UsageError('--portal is missing')
    if (code === undefined) throw new UsageError('--code is missing')
    const folder = stateFolder(given)
    const { name, site, words } = await join({
      folder,
      portal,
      code,
      version: VERSION,
      hostname: hostname().slice(0, 200) || null,
      allowHttp: given.options['allow-http'] === true,
    })
    out(`This is "${name}" of ${site.name} now. Compare these words with the portal's page:

  ${words}

Keys and settings are in ${folder}. Next: hashinsight-edge run`)
    return EXIT.done
  }),
}
