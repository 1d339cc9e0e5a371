import { pageText, SCORES, versionMarks } from '../../discovery/marks.js'
import { at, textAt } from '../../values/json.js'
import type { Claim, Driver, Identity, Probe } from '../contract.js'
import { readOnly } from '../web/change.js'
import { dig } from '../web/dig.js'
import { askAsNeeded } from '../web/login.js'
import { askInnosilicon, login, read } from './read.js'

const IDENTITY: Identity = {
  driver: 'innosilicon',
  make: 'Innosilicon',
  firmware_family: 'stock',
  model: null,
}

const claim = (probe: Probe): Claim[] => {
  if (versionMarks(probe).includes('INNOMINER')) {
    return [{ ...IDENTITY, score: SCORES.stockApi, isCertain: true }]
  }
  return /dragonmint/i.test(pageText(probe))
    ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }]
    : []
}

/** Innosilicon, also sold as DragonMint. */
export const innosilicon: Driver = {
  name: 'innosilicon',
  label: 'Innosilicon',
  evidence: 'none',
  claim,
  confirm: async (session) => {
    const version = await session.rpc('version')
    if (/INNOMINER/i.test(JSON.stringify(version))) return IDENTITY
    const overview = await askAsNeeded(session, login, (headers) =>
      askInnosilicon(session, 'overview', headers)
    )
    return at(dig(overview, 'version'), 'ethaddr') === undefined
      ? null
      : { ...IDENTITY, model: textAt(overview, 'type') }
  },
  read,
  capabilities: readOnly,
}
