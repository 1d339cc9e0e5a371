import { pageText, SCORES } from '../../discovery/marks.js'
import { at, textAt } from '../../values/json.js'
import type { Claim, Driver, Identity, Probe } from '../contract.js'
import { withCredentials } from '../web/change.js'
import { dig } from '../web/dig.js'
import { toHardware } from '../web/names.js'
import { act } from './act.js'
import { askEpic, read } from './read.js'

const IDENTITY: Identity = {
  driver: 'epic',
  make: null,
  firmware_family: 'epic',
  model: null,
}

/** Any web server may listen there: only its answers make it a miner. */
const claim = (probe: Probe): Claim[] => {
  if (/miner web dashboard/i.test(pageText(probe))) {
    return [{ ...IDENTITY, score: SCORES.thirdPartyPage, isCertain: false }]
  }
  return probe.rpcIsHttp ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }] : []
}

/** ePIC's PowerPlay on control boards of others. */
export const epic: Driver = {
  name: 'epic',
  label: 'ePIC PowerPlay',
  evidence: 'recorded',
  claim,
  confirm: async (session) => {
    const summary = dig(await askEpic(session, '/summary'))
    if (at(summary, 'HBStatus') === undefined || textAt(summary, 'Software') === null) return null
    const capabilities = dig(await askEpic(session, '/capabilities'))
    const { make, model } = toHardware(textAt(capabilities, 'Model'))
    return { ...IDENTITY, make, model }
  },
  read,
  capabilities: withCredentials(
    'reboot',
    'restart_mining',
    'pause',
    'resume',
    'power_limit',
    'hashrate_target',
    'pools',
    'locate'
  ),
  act,
}
