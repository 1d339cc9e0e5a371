import { challengeOf, SCORES } from '../../discovery/marks.js'
import { textAt } from '../../values/json.js'
import { realmOf } from '../../wire/challenge.js'
import type { Driver, Identity } from '../contract.js'
import { askPage, CGI, isBehindRealm } from '../web/cgi.js'
import { readOnly } from '../web/change.js'
import { read } from './read.js'

const IDENTITY: Identity = {
  driver: 'elphapex',
  make: 'Elphapex',
  firmware_family: 'stock',
  model: null,
}
const REALM = /daoge/i

/** Elphapex DG, for Scrypt. */
export const elphapex: Driver = {
  name: 'elphapex',
  label: 'Elphapex',
  evidence: 'recorded',
  claim: (probe) =>
    probe.httpRoot?.status === 401 && REALM.test(realmOf(challengeOf(probe)) ?? '')
      ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }]
      : [],
  confirm: async (session) => {
    if (!(await isBehindRealm(session, REALM))) return null
    return { ...IDENTITY, model: textAt(await askPage(session, CGI.info), 'minertype') }
  },
  read,
  capabilities: readOnly,
}
