import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from '../miners/registry.js'
import { Refusal } from '../portal/refusal.js'
import { isInUse } from '../store/database.js'
import { type Command, EXIT } from './command.js'
import { addressOf } from './options.js'
import { refusing, STATE_HELP, STATE_OPTION, stateFolder } from './state_folder.js'

/** Lets a miner show another certificate, once. */
export const trust: Command = {
  name: 'trust',
  usage: '<ip> [--state DIR]',
  summary: 'believe the next TLS certificate of a miner',
  options: STATE_OPTION,
  help: `${STATE_HELP}

  The certificate that a miner shows first is held on to; another one is the problem tls_changed.
  After new firmware or a new control board it is right that it changed: stop the collector, name
  the miner here, start it again.`,
  run: refusing((given, { out, err }) => {
    const ip = addressOf(given)
    const registry = registryIn(stateFolder(given))
    try {
      const keys = registry.all().flatMap((miner) => (miner.ip === ip ? [miner.key] : []))
      const forgotten = keys.filter((key) => registry.forgetCertificate(key))
      for (const key of forgotten) out(`${key} at ${ip}: the next certificate is believed`)
      if (forgotten.length === 0) err(`no certificate of ${ip} is known`)
      return Promise.resolve(forgotten.length > 0 ? EXIT.done : EXIT.failed)
    } finally {
      registry.close()
    }
  }),
}

function registryIn(folder: string): Registry {
  const file = join(folder, 'miners.db')
  if (!existsSync(file)) throw new Refusal(`no miner is known in ${folder}`)
  try {
    return new Registry(file, Date.now)
  } catch (error) {
    if (!isInUse(error)) throw error
    throw new Refusal(`a collector runs in ${folder}; stop it first`)
  }
}
