import { versionMarks } from '../../discovery/marks.js'
import { textAt } from '../../values/json.js'
import { braiinsScore, hasBraiinsPage, isLocked } from '../braiins_rest/index.js'
import type { Driver, Identity, Session } from '../contract.js'
import { withCredentials } from '../web/change.js'
import { dig } from '../web/dig.js'
import { askAsNeeded } from '../web/login.js'
import { toHardware } from '../web/names.js'
import { act } from './act.js'
import { askGraphql, login } from './ask.js'
import { MODEL, SYSTEM } from './queries.js'
import { read } from './read.js'

const IDENTITY: Identity = {
  driver: 'braiins_graphql',
  make: 'Antminer',
  firmware_family: 'braiins',
  model: null,
}

const confirm = async (session: Session): Promise<Identity | null> => {
  const ask = (name: string, query: string) =>
    askAsNeeded(session, login, (headers) =>
      session.ask(`graphql ${name}`, () => askGraphql(session.wire, headers, [name, query]))
    )
  const system = await ask('system', SYSTEM)
  if (system === null) {
    return isLocked(session) && (await hasBraiinsPage(session)) ? IDENTITY : null
  }
  if (dig(system, 'bos') === null) return null
  const name = textAt(dig(await ask('model', MODEL), 'bosminer', 'info'), 'modelName')
  if (name === null) return IDENTITY
  const { make, model } = toHardware(name)
  return { ...IDENTITY, make, model }
}

/** Braiins OS up to 25.05. */
export const braiinsGraphql: Driver = {
  name: 'braiins_graphql',
  label: 'Braiins OS (GraphQL)',
  evidence: 'recorded',
  // The REST driver is tried first; what is Braiins OS by its mining API and not that is this.
  claim: (probe) => {
    const score = braiinsScore(probe)
    if (score === null) return []
    return [{ ...IDENTITY, score, isCertain: /BOSMINER|BOSER/.test(versionMarks(probe)) }]
  },
  confirm,
  read,
  capabilities: withCredentials(
    'reboot',
    'restart_mining',
    'pause',
    'resume',
    'power_limit',
    'pools',
    'locate'
  ),
  act,
}
