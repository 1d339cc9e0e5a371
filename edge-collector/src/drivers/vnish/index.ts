import { pageText, SCORES, versionMarks } from '../../discovery/marks.js'
import { textAt } from '../../values/json.js'
import type { Claim, Driver, Identity, Probe } from '../contract.js'
import { withCredentials } from '../web/change.js'
import { dig } from '../web/dig.js'
import { askAsNeeded } from '../web/login.js'
import { toHardware } from '../web/names.js'
import { act } from './act.js'
import { API, login } from './login.js'
import { read } from './read.js'

const IDENTITY: Identity = {
  driver: 'vnish',
  make: 'Antminer',
  firmware_family: 'vnish',
  model: null,
}

const claim = (probe: Probe): Claim[] => {
  if (versionMarks(probe).includes('VNISH')) {
    return [{ ...IDENTITY, score: SCORES.thirdPartyApi, isCertain: true }]
  }
  return /anthillos/i.test(pageText(probe))
    ? [{ ...IDENTITY, score: SCORES.thirdPartyPage, isCertain: false }]
    : []
}

/** VNish, which calls itself AnthillOS on its page. */
export const vnish: Driver = {
  name: 'vnish',
  label: 'VNish',
  evidence: 'constructed',
  claim,
  confirm: async (session) => {
    const info = dig(
      await askAsNeeded(session, login, (headers) => session.get(`${API}info`, headers))
    )
    if (!/vnish|anthill/i.test(textAt(info, 'fw_name') ?? '')) return null
    const { make, model } = toHardware(textAt(info, 'miner'))
    return { ...IDENTITY, make, model }
  },
  read,
  capabilities: withCredentials(
    'reboot',
    'restart_mining',
    'pause',
    'resume',
    'power_limit',
    'profile',
    'pools',
    'locate'
  ),
  act,
}
