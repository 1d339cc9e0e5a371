import { pageText, SCORES } from '../../discovery/marks.js'
import { textAt } from '../../values/json.js'
import type { Driver, Identity } from '../contract.js'
import { readOnly } from '../web/change.js'
import { dig } from '../web/dig.js'
import { askAsNeeded } from '../web/login.js'
import { API, login, read } from './read.js'

const IDENTITY: Identity = {
  driver: 'proto',
  make: 'Proto',
  firmware_family: 'proto',
  model: null,
}

/** The Proto rig; its answers were recorded from the maker's simulator. */
export const proto: Driver = {
  name: 'proto',
  label: 'Proto rig',
  evidence: 'constructed',
  claim: (probe) =>
    /proto os/i.test(pageText(probe))
      ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }]
      : [],
  confirm: async (session) => {
    const answer = await askAsNeeded(session, login, (headers) =>
      session.get(`${API}system`, headers)
    )
    const system = dig(answer, 'system-info')
    const name = textAt(dig(system, 'os'), 'name') ?? textAt(system, 'manufacturer') ?? ''
    return /^proto/i.test(name) ? { ...IDENTITY, model: textAt(system, 'model') } : null
  },
  read,
  capabilities: readOnly,
}
