import type { Capability } from '../../../protocol/record.js'
import { apiMarks, headerOf, pageText, SCORES } from '../../discovery/marks.js'
import { asObject, at, rowOf, textAt } from '../../values/json.js'
import { toWhatsminerModel } from '../../values/text.js'
import { toGeneration } from '../../values/whatsminer_generation.js'
import type { JsonObject } from '../../wire/contract.js'
import type { Claim, Driver, Identity, Probe, Session } from '../contract.js'
import { askV3Identity } from '../whatsminer_v3/identity.js'
import { act } from './act.js'
import { read } from './read.js'

const MARK = /BTMINER|BITMICRO/
/** What a write can do; restarts of a kind are all of them. */
export const CAPABILITIES: Capability[] = [
  'reboot',
  'restart_mining',
  'pause',
  'resume',
  'power_limit',
  'power_mode',
  'pools',
  'locate',
]

/** A WhatsMiner by what `devdetails` says. */
export const whatsminerIdentity = (driver: string, devdetails: JsonObject | null): Identity => ({
  driver,
  make: 'WhatsMiner',
  firmware_family: 'stock',
  model: toWhatsminerModel(textAt(rowOf(devdetails, 'DEVDETAILS'), 'Model')),
})

/** Whether the mining API names the process or the driver of a WhatsMiner. */
export const isWhatsminer = (probe: Probe): boolean => MARK.test(apiMarks(probe))

/** Routers send away to https and have LuCI too: a hint and no more. */
const looksLikeIt = (probe: Probe) =>
  pageText(probe).includes('/cgi-bin/luci') ||
  (probe.httpRoot?.status === 307 && headerOf(probe, 'location').startsWith('https:'))

const claim = (probe: Probe): Claim[] => {
  const identity = whatsminerIdentity('whatsminer', probe.rpcDevdetails)
  if (isWhatsminer(probe)) return [{ ...identity, score: SCORES.stockApi, isCertain: true }]
  return looksLikeIt(probe) ? [{ ...identity, score: SCORES.stockPage, isCertain: false }] : []
}

/** The date in the firmware tells whether to ask on the port of V3 who speaks to it. */
const confirm = async (session: Session): Promise<Identity | null> => {
  const devdetails = await session.rpc('devdetails')
  if (!MARK.test(JSON.stringify(devdetails ?? '').toUpperCase())) return null
  const version = asObject(at(await session.rpc('get_version'), 'Msg'))
  const isV3 = toGeneration(textAt(version, 'fw_ver')) === 'V3'
  return (isV3 && (await askV3Identity(session))) || whatsminerIdentity('whatsminer', devdetails)
}

/** WhatsMiner V1, which is only read, and V2. */
export const whatsminer: Driver = {
  name: 'whatsminer',
  label: 'WhatsMiner (API 1 and 2)',
  evidence: 'recorded',
  claim,
  confirm,
  read,
  capabilities: (reading, hasCredentials) =>
    hasCredentials && toGeneration(reading.firmware_version) === 'V2' ? [...CAPABILITIES] : [],
  act,
}
