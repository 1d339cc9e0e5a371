import { asObject, at, numberAt, textAt } from '../../values/json.js'
import type { Json, Wire } from '../../wire/contract.js'
import { ApiRefusal } from '../../wire/status.js'
import { attempt, refuse, refusePassword, type Send } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { BLINKING } from '../whatsminer/act.js'
import { encrypt, toSigned, v3Hash } from '../whatsminer/crypto.js'

const POOLS = 'set.miner.pools'
const MOST_POOLS = 3

/** Sends a signed command. */
export const act = (wire: Wire, command: MinerCommand): Promise<ActResult> =>
  attempt((send) => write(wire, send, toOrder(command)))

interface Order {
  cmd: string
  param?: Json
}

/** What the miner calls it. */
const toOrder = (command: MinerCommand): Order => {
  switch (command.type) {
    case 'reboot':
      return { cmd: 'set.system.reboot' }
    case 'restart_mining':
      return { cmd: 'set.miner.service', param: 'restart' }
    case 'pause':
      return { cmd: 'set.miner.service', param: 'stop' }
    case 'resume':
      return { cmd: 'set.miner.service', param: 'start' }
    case 'set_power_limit':
      return { cmd: 'set.miner.power_limit', param: Math.round(command.watts) }
    case 'set_power_mode':
      return { cmd: 'set.miner.power_mode', param: command.mode }
    case 'locate':
      return { cmd: 'set.system.led', param: command.on ? [BLINKING] : 'auto' }
    case 'set_pools':
      return { cmd: POOLS, param: toPools(command.pools) }
    default:
      return refuse(`${command.type} is unknown to WhatsMiner`)
  }
}

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']

const toPools = (pools: Pools): Json => {
  if (pools.length === 0 || pools.length > MOST_POOLS) return refuse('one to three pools')
  return pools.map(({ url, user, password }) => ({ pool: url, worker: user, passwd: password }))
}

/** The salt and the time come from the miner: a signature is worth little by another clock. */
const write = async (wire: Wire, send: Send, { cmd, param }: Order): Promise<string> => {
  const { user, password } = wire.credentials ?? refuse('the login of the API is needed')
  const info = await wire.v3('get.device.info')
  const salt = textAt(asObject(at(info, 'msg')), 'salt')
  const when = numberAt(info, 'when')
  if (salt === null || when === null) return refuse('the miner gives no salt or no time')
  const ts = Math.floor(when)
  const hash = v3Hash(cmd, password, salt, ts)
  const sent = cmd === POOLS ? encrypt(hash, JSON.stringify(param)) : param
  const { token, account } = toSigned({ cmd }, hash, user, ts)
  await send(() => signed(() => wire.v3(cmd, sent, { token: token!, account: account!, ts })))
  return typeof param === 'string' || typeof param === 'number' ? `${cmd} ${param}` : cmd
}

const NOT_ALLOWED = /permission|token|account|password/i

/** A signature that the miner does not take was made with another password than its own. */
const signed = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ApiRefusal && NOT_ALLOWED.test(error.message)) {
      return refusePassword(error.message)
    }
    throw error
  }
}
