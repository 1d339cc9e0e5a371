import { pageText, SCORES, versionMarks } from '../../discovery/marks.js'
import { textAt } from '../../values/json.js'
import type { Claim, Driver, Identity, Probe, Session } from '../contract.js'
import { withCredentials } from '../web/change.js'
import { dig } from '../web/dig.js'
import { askAsNeeded } from '../web/login.js'
import { toHardware } from '../web/names.js'
import { act } from './act.js'
import { API, login } from './login.js'
import { read, toApiVersion } from './read.js'

const IDENTITY: Identity = {
  driver: 'braiins_rest',
  make: 'Antminer',
  firmware_family: 'braiins',
  model: null,
}
const PAGE = /braiins os/i

/** Both drivers for Braiins OS see the same marks; only questions tell which of them it is. */
export const braiinsScore = (probe: Probe): number | null => {
  if (/BOSMINER|BOSER/.test(versionMarks(probe))) return SCORES.thirdPartyApi
  return PAGE.test(pageText(probe)) ? SCORES.thirdPartyPage : null
}

const claim = (probe: Probe): Claim[] => {
  const score = braiinsScore(probe)
  return score === null ? [] : [{ ...IDENTITY, score: score + 1, isCertain: false }]
}

const confirm = async (session: Session): Promise<Identity | null> => {
  const answer = await askAsNeeded(session, login, (headers) =>
    session.get(`${API}version`, headers)
  )
  if (toApiVersion(answer) === null) {
    return isLocked(session) && (await hasBraiinsPage(session)) ? IDENTITY : null
  }
  const details = dig(
    await askAsNeeded(session, login, (headers) => session.get(`${API}miner/details`, headers))
  )
  const name = textAt(dig(details, 'miner_identity'), 'name', 'miner_model')
  return name === null ? IDENTITY : { ...IDENTITY, ...hardwareOf(name) }
}

const hardwareOf = (name: string) => {
  const { make, model } = toHardware(name)
  return { make, model }
}

/** The API is there and wants a password that we do not have. */
export const isLocked = (session: Session) => session.problems.at(-1)?.kind === 'auth'

/** The page of Braiins OS, which needs no password. */
export const hasBraiinsPage = async (session: Session): Promise<boolean> => {
  const page = await session.ask('GET /', () => session.wire.http({ path: '/' }))
  return page !== null && PAGE.test(page.text)
}

/** Braiins OS from 25.07. */
export const braiinsRest: Driver = {
  name: 'braiins_rest',
  label: 'Braiins OS (REST)',
  evidence: 'recorded',
  claim,
  confirm,
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
