import { pageText, SCORES, versionMarks } from '../../discovery/marks.js'
import { at, textAt } from '../../values/json.js'
import type { Claim, Driver, Identity, Probe } from '../contract.js'
import { readOnly } from '../web/change.js'
import { dig } from '../web/dig.js'
import { read, STATUS } from './read.js'

const IDENTITY: Identity = {
  driver: 'goldshell',
  make: 'Goldshell',
  firmware_family: 'stock',
  model: null,
}

/** BFGMiner runs elsewhere too, so that mark alone is a hint. */
const claim = (probe: Probe): Claim[] => {
  const marks = versionMarks(probe)
  if (/INTCHAINS_QOMO|KDAMINER/.test(marks)) {
    return [{ ...IDENTITY, score: SCORES.stockApi, isCertain: true }]
  }
  return marks.includes('BFGMINER') || /cloud-box/i.test(pageText(probe))
    ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }]
    : []
}

/** Goldshell's boxes. */
export const goldshell: Driver = {
  name: 'goldshell',
  label: 'Goldshell',
  evidence: 'none',
  claim,
  confirm: async (session) => {
    const status = dig(await session.get(STATUS))
    const model = textAt(status, 'model')
    return model === null || at(status, 'firmware') === undefined ? null : { ...IDENTITY, model }
  },
  read,
  capabilities: readOnly,
}
