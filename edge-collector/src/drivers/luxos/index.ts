import type { Capability } from '../../../protocol/record.js'
import { pageText, SCORES, versionMarks } from '../../discovery/marks.js'
import { rowOf, textAt } from '../../values/json.js'
import { toAntminerModel } from '../../values/text.js'
import type { Driver, Identity } from '../contract.js'
import { act } from './act.js'
import { read } from './read.js'

const IDENTITY: Identity = {
  driver: 'luxos',
  make: 'Antminer',
  firmware_family: 'luxos',
  model: null,
}
const CAPABILITIES: Capability[] = [
  'reboot',
  'restart_mining',
  'pause',
  'resume',
  'power_limit',
  'profile',
  'pools',
  'locate',
]

/** LuxOS of Luxor on Antminers. */
export const luxos: Driver = {
  name: 'luxos',
  label: 'LuxOS',
  evidence: 'recorded',
  claim: (probe) => {
    if (versionMarks(probe).includes('LUXMINER')) {
      const model = toAntminerModel(textAt(rowOf(probe.rpcVersion, 'VERSION'), 'Type'))
      return [{ ...IDENTITY, model, score: SCORES.thirdPartyApi, isCertain: true }]
    }
    return pageText(probe).includes('Luxor Firmware')
      ? [{ ...IDENTITY, score: SCORES.thirdPartyPage, isCertain: false }]
      : []
  },
  confirm: async (session) => {
    const config = rowOf(await session.rpc('config'), 'CONFIG')
    if (textAt(config, 'OS') !== 'LuxOS') return null
    return { ...IDENTITY, model: toAntminerModel(textAt(config, 'Model')) }
  },
  read,
  // Its API asks for no password, only for a session.
  capabilities: () => [...CAPABILITIES],
  act,
}
