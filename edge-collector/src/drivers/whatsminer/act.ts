import { asObject, at, textAt } from '../../values/json.js'
import { type JsonObject, type Wire, WireError } from '../../wire/contract.js'
import { ApiRefusal, refusalOf } from '../../wire/status.js'
import { attempt, refuse, refusePassword, type Send } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { fromEncrypted, type Keys, toEncrypted, toKeys, type TokenSeed } from './crypto.js'

const MOST_POOLS = 3
/** Red, on for half of every second. */
export const BLINKING = { color: 'red', period: 1000, duration: 500, start: 0 }
/** The API is closed for writes until the operator opens it. */
const CLOSED = [45, 135]
/** "enc json load err": what we encrypted opens to noise with the miner's own password. */
const NO_JSON = 23
const HINT = 'enable the API and set a password with WhatsMinerTool'

/** Sends an encrypted command of API V2 with a token of its own. */
export const act = (wire: Wire, command: MinerCommand): Promise<ActResult> =>
  attempt(async (send) => {
    const order = toOrder(command)
    const { password } = wire.credentials ?? refuse('the password of the API is needed')
    return write(wire, send, toKeys(password, await askSeed(wire)), order)
  })

/** What the miner calls it. */
const toOrder = (command: MinerCommand): JsonObject => {
  switch (command.type) {
    case 'reboot':
      return { cmd: 'reboot' }
    case 'restart_mining':
      return { cmd: 'restart_btminer' }
    case 'pause':
      return { cmd: 'power_off', respbefore: 'true' }
    case 'resume':
      return { cmd: 'power_on' }
    case 'set_power_limit':
      return { cmd: 'adjust_power_limit', power_limit: String(Math.round(command.watts)) }
    case 'set_power_mode':
      return { cmd: `set_${command.mode}_power` }
    case 'set_pools':
      return { cmd: 'update_pools', ...toPoolKeys(command.pools) }
    case 'locate':
      return { cmd: 'set_led', ...(command.on ? BLINKING : { param: 'auto' }) }
    default:
      return refuse(`${command.type} is unknown to WhatsMiner`)
  }
}

type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']

/** Always three, as the miner keeps what it is not told. */
const toPoolKeys = (pools: Pools): JsonObject => {
  if (pools.length === 0 || pools.length > MOST_POOLS) return refuse('one to three pools')
  const keys: JsonObject = {}
  for (let index = 0; index < MOST_POOLS; index++) {
    const { url = '', user = '', password = '' } = pools[index] ?? {}
    keys[`pool${index + 1}`] = url
    keys[`worker${index + 1}`] = user
    keys[`passwd${index + 1}`] = password
  }
  return keys
}

const askSeed = async (wire: Wire): Promise<TokenSeed> => {
  const answer = await wire.rpc('get_token')
  const msg = asObject(at(answer, 'Msg'))
  const [time, salt, newsalt] = ['time', 'salt', 'newsalt'].map((key) => textAt(msg, key))
  if (!time || !salt || !newsalt) return refuse(`no token: ${textAt(answer, 'Msg') ?? 'no reason'}`)
  return { time, salt, newsalt }
}

const write = async (wire: Wire, send: Send, keys: Keys, order: JsonObject): Promise<string> => {
  const request = toEncrypted(keys, order)
  return send(async () => {
    const answer = fromEncrypted(keys, await explained(() => wire.rpcRaw(request)))
    if (!answer) throw new WireError('truncated', 'an answer that our key does not open')
    const refusal = refusalOf(answer)
    if (refusal) throw new ApiRefusal(refusal)
    return String(order['cmd'])
  })
}

/** Says what to do where the miner only says no. */
const explained = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    if (error.code === NO_JSON) refusePassword(error.message)
    if (!CLOSED.includes(error.code ?? 0)) throw error
    throw new ApiRefusal({ code: error.code, message: `${error.message}; ${HINT}` })
  }
}
