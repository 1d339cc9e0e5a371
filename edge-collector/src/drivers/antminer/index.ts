import type { Capability } from '../../../protocol/record.js'
import { challengeOf, SCORES, versionMarks } from '../../discovery/marks.js'
import { asObject, rowOf, textAt } from '../../values/json.js'
import { toAntminerModel } from '../../values/text.js'
import type { Driver, Identity } from '../contract.js'
import { act } from './act.js'
import { PAGES, read } from './read.js'

const IDENTITY: Identity = {
  driver: 'antminer',
  make: 'Antminer',
  firmware_family: 'stock',
  model: null,
}
const CAPABILITIES: Capability[] = [
  'reboot',
  'restart_mining',
  'pause',
  'resume',
  'power_mode',
  'pools',
  'locate',
]

/** Bitmain's own firmware: mining API and web interface, whichever answers. */
export const antminer: Driver = {
  name: 'antminer',
  label: 'Antminer (stock)',
  evidence: 'recorded',
  claim: (probe) => {
    if (/ANTMINER|"BMMINER"/.test(versionMarks(probe))) {
      const model = toAntminerModel(textAt(rowOf(probe.rpcVersion, 'VERSION'), 'Type'))
      return [{ ...IDENTITY, model, score: SCORES.stockApi, isCertain: true }]
    }
    return /realm="?antminer/i.test(challengeOf(probe))
      ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }]
      : []
  },
  confirm: async (session) => {
    const info = asObject((await session.get(PAGES.info)) ?? undefined)
    const version = info ? null : rowOf(await session.rpc('version'), 'VERSION')
    const name = textAt(info, 'minertype') ?? textAt(version, 'Type')
    return name !== null && /antminer/i.test(name)
      ? { ...IDENTITY, model: toAntminerModel(name) }
      : null
  },
  read,
  // Everything goes through the web interface, which wants a password.
  capabilities: (_, hasCredentials) => (hasCredentials ? [...CAPABILITIES] : []),
  act,
}
