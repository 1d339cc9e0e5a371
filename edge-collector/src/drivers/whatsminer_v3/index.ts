import { SCORES } from '../../discovery/marks.js'
import type { Claim, Driver, Probe } from '../contract.js'
import { isWhatsminer, whatsminerIdentity } from '../whatsminer/index.js'
import { act } from './act.js'
import { askV3Identity } from './identity.js'
import { read } from './read.js'

/** With its port open it is the better way to speak to a WhatsMiner. */
const ABOVE_V2 = 1

/** An open port is a hint and no more, even beside the mining API of a WhatsMiner. */
const claim = (probe: Probe): Claim[] => {
  if (probe.v3Open !== true) return []
  const score = isWhatsminer(probe) ? SCORES.stockApi + ABOVE_V2 : SCORES.stockPage
  return [{ ...whatsminerIdentity('whatsminer_v3', probe.rpcDevdetails), score, isCertain: false }]
}

/** WhatsMiner with firmware from November 2024 on. */
export const whatsminerV3: Driver = {
  name: 'whatsminer_v3',
  label: 'WhatsMiner (API 3)',
  evidence: 'recorded',
  claim,
  confirm: askV3Identity,
  read,
  capabilities: (reading, hasCredentials) => (hasCredentials ? [...reading.capabilities] : []),
  act,
}
