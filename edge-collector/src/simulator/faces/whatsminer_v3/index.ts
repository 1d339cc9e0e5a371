import type { Face, SimulatedMiner } from '../../contract.js'
import { secondsOf } from '../words.js'
import { textIn } from '../parts.js'
import { readRpc, toHttps } from '../whatsminer/index.js'
import { deviceInfo, minerSetting, minerStatus } from './parts.js'
import { isWrite, obey, type Said } from './writes.js'

const INVALID: Said = { code: -1, msg: 'invalid command' }

const answer = (miner: SimulatedMiner, message: Record<string, unknown>): Said => {
  const moment = miner.now()
  switch (textIn(message, 'cmd')) {
    case 'get.device.info':
      return { code: 0, msg: deviceInfo(miner, moment) }
    case 'get.miner.status': {
      const msg = minerStatus(miner, moment, textIn(message, 'param'))
      return msg === null ? { code: -1, msg: 'invalid param' } : { code: 0, msg }
    }
    case 'get.miner.setting':
      return { code: 0, msg: minerSetting(miner, moment) }
    default:
      return INVALID
  }
}

/** WhatsMiner with API 3 on a port of its own; the old one still answers questions. */
export const whatsminerV3: Face = {
  name: 'whatsminer_v3',
  rpc: (miner, request) => `${JSON.stringify(readRpc(miner, request))}\0`,
  http: toHttps,
  v3: (miner, message) => {
    const cmd = textIn(message, 'cmd')
    const { code, msg } = isWrite(cmd) ? obey(miner, cmd, message) : answer(miner, message)
    return { code, when: secondsOf(miner.now()), msg, desc: cmd }
  },
}
