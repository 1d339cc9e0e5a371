import type { Capability, Reading } from '../../../protocol/record.js'
import { pageText, SCORES } from '../../discovery/marks.js'
import type { Claim, Driver, Identity, Probe } from '../contract.js'
import { act } from './act.js'
import { INFO, read, toInfo, toName } from './read.js'

const IDENTITY: Identity = {
  driver: 'axeos',
  make: 'Bitaxe',
  firmware_family: 'axeos',
  model: null,
}

/** A page may be about these miners without being one, so it is only a hint. */
const claim = (probe: Probe): Claim[] => {
  const page = pageText(probe)
  const isNerd = /nerd/i.test(page)
  if (!isNerd && !/axeos/i.test(page)) return []
  const make = isNerd ? 'NerdAxe' : 'Bitaxe'
  return [{ ...IDENTITY, make, score: SCORES.stockPage, isCertain: false }]
}

/** Who says whether he is paused can be paused. */
const capabilities = (reading: Reading): Capability[] =>
  reading.is_mining === null
    ? ['reboot', 'pools']
    : ['reboot', 'pools', 'pause', 'resume', 'locate']

/** Bitaxe, NerdAxe and their kin; nobody has to log in. */
export const axeos: Driver = {
  name: 'axeos',
  label: 'AxeOS (Bitaxe, NerdAxe)',
  evidence: 'recorded',
  claim,
  confirm: async (session) => {
    const info = toInfo(await session.get(INFO))
    if (info === null) return null
    const { make, model } = toName(info)
    return { ...IDENTITY, make, model }
  },
  read,
  capabilities,
  notConfirmable: {
    locate: 'the display shows itself for a while, of which no answer tells',
  },
  act,
}
