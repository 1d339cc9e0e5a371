import { challengeOf, pageText, SCORES, versionMarks } from '../../discovery/marks.js'
import { rowOf, textAt } from '../../values/json.js'
import { realmOf } from '../../wire/challenge.js'
import type { Claim, Driver, Identity, Probe } from '../contract.js'
import { askPage, CGI, isBehindRealm } from '../web/cgi.js'
import { readOnly } from '../web/change.js'
import { read, toMake } from './read.js'

const IDENTITY: Identity = {
  driver: 'blackminer',
  make: null,
  firmware_family: 'stock',
  model: null,
}
const REALM = /blackminer/i

const claim = (probe: Probe): Claim[] => {
  if (/"TYPE":"(HAMMER|VOLCMINER)/.test(versionMarks(probe))) {
    const model = textAt(rowOf(probe.rpcVersion, 'VERSION'), 'Type')
    const make = toMake(model)
    return [{ ...IDENTITY, make, model, score: SCORES.stockApi, isCertain: true }]
  }
  const isHint = REALM.test(realmOf(challengeOf(probe)) ?? '') || /volcminer/i.test(pageText(probe))
  return isHint ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }] : []
}

/** Hammer and VolcMiner, for Scrypt. */
export const blackminer: Driver = {
  name: 'blackminer',
  label: 'Hammer, VolcMiner',
  evidence: 'recorded',
  claim,
  confirm: async (session) => {
    const isLocked = await isBehindRealm(session, REALM)
    const model = textAt(await askPage(session, CGI.info), 'minertype')
    const isKnown = /hammer|volcminer/i.test(model ?? '')
    return isKnown || (isLocked && model === null)
      ? { ...IDENTITY, make: toMake(model), model }
      : null
  },
  read,
  capabilities: readOnly,
}
