import { challengeOf, SCORES, versionMarks } from '../../discovery/marks.js'
import { at, rowOf, textAt } from '../../values/json.js'
import { parseChallenges } from '../../wire/challenge.js'
import type { Claim, Driver, Identity, Probe } from '../contract.js'
import { readOnly } from '../web/change.js'
import { dig } from '../web/dig.js'
import { toHardware } from '../web/names.js'
import { API, read } from './read.js'

const IDENTITY: Identity = {
  driver: 'marathon',
  make: 'Antminer',
  firmware_family: 'marathon',
  model: null,
}

/**
 * Any web server that wants a digest could be one, printers too, and the realm may be that of the
 * maker of the hardware: the weakest of all claims.
 */
const claim = (probe: Probe): Claim[] => {
  if (/MARAFW|KAONSU/.test(versionMarks(probe))) {
    const name = textAt(rowOf(probe.rpcVersion, 'VERSION'), 'Model', 'Type')
    const { model } = toHardware(name)
    return [{ ...IDENTITY, model, score: SCORES.thirdPartyApi, isCertain: true }]
  }
  const isDigest = parseChallenges(challengeOf(probe)).some(
    ({ scheme, params }) => scheme === 'digest' && /^md5$/i.test(params.get('algorithm') ?? 'MD5')
  )
  return probe.httpRoot?.status === 401 && isDigest
    ? [{ ...IDENTITY, score: SCORES.genericApi / 2, isCertain: false }]
    : []
}

/** MARA's firmware. */
export const marathon: Driver = {
  name: 'marathon',
  label: 'MARA firmware',
  evidence: 'none',
  claim,
  confirm: async (session) => {
    const brief = dig(await session.get(`${API}brief`))
    if (at(brief, 'hashrate_realtime') === undefined) return null
    const version = rowOf(await session.rpc('version'), 'VERSION')
    return { ...IDENTITY, model: toHardware(textAt(version, 'Model', 'Type')).model }
  },
  read,
  capabilities: readOnly,
}
