import type { Capability, Reading } from '../../../protocol/record.js'
import { apiMarks, pageText, SCORES } from '../../discovery/marks.js'
import { rowOf, textAt } from '../../values/json.js'
import { toAvalonModel } from '../../values/text.js'
import type { JsonObject } from '../../wire/contract.js'
import type { Driver, Identity } from '../contract.js'
import { act } from './act.js'
import { read } from './read.js'

const IDENTITY: Identity = {
  driver: 'avalon',
  make: 'Avalon',
  firmware_family: 'stock',
  model: null,
}
const CAPABILITIES: Capability[] = [
  'reboot',
  'pause',
  'resume',
  'power_limit',
  'power_mode',
  'locate',
]

/** Some answer `version` without their name, but with the kind of control board. */
const BOARD = /"HWTYPE":"[^"]*MM\d/

const identityOf = (version: JsonObject | null): Identity => ({
  ...IDENTITY,
  model: toAvalonModel(textAt(rowOf(version, 'VERSION'), 'PROD')),
})

/** Canaan's firmware, of the A series and of the Q. */
export const avalon: Driver = {
  name: 'avalon',
  label: 'Avalon (stock)',
  evidence: 'recorded',
  claim: (probe) => {
    const marks = apiMarks(probe)
    if (marks.includes('AVALON') || BOARD.test(marks)) {
      return [{ ...identityOf(probe.rpcVersion), score: SCORES.stockApi, isCertain: true }]
    }
    return /\bavalon/i.test(pageText(probe))
      ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }]
      : []
  },
  confirm: async (session) => {
    const version = await session.rpc('version')
    const marks = JSON.stringify(version ?? '').toUpperCase()
    return marks.includes('AVALON') || BOARD.test(marks) ? identityOf(version) : null
  },
  read,
  // Pools are set with the login of the web interface.
  capabilities: (_: Reading, hasCredentials) =>
    hasCredentials ? [...CAPABILITIES, 'pools'] : [...CAPABILITIES],
  act,
}
