import { SCORES } from '../../discovery/marks.js'
import { asObject, at, textAt } from '../../values/json.js'
import { toWhatsminerModel } from '../../values/text.js'
import type { Claim, Driver, Identity, Probe, Session } from '../contract.js'
import { isWhatsminer, whatsminerIdentity } from '../whatsminer/index.js'
import { act } from './act.js'
import { read } from './read.js'

/** With its port open it is the better way to speak to a WhatsMiner. */
const ABOVE_V2 = 1

const claim = (probe: Probe): Claim[] => {
  if (probe.v3Open !== true) return []
  const identity = whatsminerIdentity('whatsminer_v3', probe.rpcDevdetails)
  return isWhatsminer(probe)
    ? [{ ...identity, score: SCORES.stockApi + ABOVE_V2, isCertain: true }]
    : [{ ...identity, score: SCORES.stockPage, isCertain: false }]
}

const confirm = async (session: Session): Promise<Identity | null> => {
  const info = await session.ask('get.device.info', () => session.wire.v3('get.device.info'))
  const miner = asObject(at(asObject(at(info, 'msg')), 'miner'))
  if (!miner) return null
  return {
    ...whatsminerIdentity('whatsminer_v3', null),
    model: toWhatsminerModel(textAt(miner, 'type')),
  }
}

/** WhatsMiner with firmware from November 2024 on. */
export const whatsminerV3: Driver = {
  name: 'whatsminer_v3',
  label: 'WhatsMiner (API 3)',
  evidence: 'recorded',
  claim,
  confirm,
  read,
  capabilities: (reading, hasCredentials) => (hasCredentials ? [...reading.capabilities] : []),
  act,
}
