import { createHash } from 'node:crypto'
import { decrypt, v3Hash } from '../../../drivers/whatsminer/crypto.js'
import type { MinerCommand } from '../../../drivers/contract.js'
import type { SimulatedMiner } from '../../contract.js'
import { secondsOf } from '../words.js'
import { amountIn, listIn, textIn } from '../parts.js'

export interface Said {
  code: number
  msg: unknown
}

const DENIED: Said = { code: -4, msg: 'permission denied' }
const FAILED: Said = { code: -1, msg: 'invalid param' }
/** A signature of another time is nobody's. */
const CLOCKS_APART_S = 30
const TOKEN_LENGTH = 8

export const saltOf = ({ serial }: SimulatedMiner): string =>
  createHash('md5').update(serial).digest('base64').slice(0, TOKEN_LENGTH)

type Order = (param: unknown, key: Buffer) => MinerCommand | null

const SERVICE: Record<string, 'pause' | 'resume' | 'restart_mining'> = {
  stop: 'pause',
  disable: 'pause',
  start: 'resume',
  enable: 'resume',
  restart: 'restart_mining',
}

const service: Order = (param) =>
  typeof param === 'string' && Object.hasOwn(SERVICE, param) ? { type: SERVICE[param]! } : null

const limit: Order = (param) => {
  const watts = typeof param === 'number' ? amountIn(param) : null
  return watts === null || watts > 99_999 ? null : { type: 'set_power_limit', watts }
}

const mode: Order = (param) =>
  param === 'low' || param === 'normal' || param === 'high'
    ? { type: 'set_power_mode', mode: param }
    : null

const led: Order = (param) => {
  if (param === 'auto') return { type: 'locate', on: false }
  return listIn(param).length > 0 ? { type: 'locate', on: true } : null
}

/** Encrypted with the whole of the hash that the token is the beginning of. */
const pools: Order = (param, key) => {
  const text = typeof param === 'string' ? decrypt(key, param) : null
  const rows = listIn(parsed(text ?? '')).map((row) => ({
    url: textIn(row, 'pool'),
    user: textIn(row, 'worker'),
    password: textIn(row, 'passwd'),
  }))
  const given = rows.filter(({ url }) => url !== '').slice(0, 3)
  return given.length === 0 ? null : { type: 'set_pools', pools: given }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const ORDERS: Readonly<Record<string, Order>> = {
  'set.system.reboot': () => ({ type: 'reboot' }),
  'set.miner.service': service,
  'set.miner.power_limit': limit,
  'set.miner.power_mode': mode,
  'set.system.led': led,
  'set.miner.pools': pools,
}

export const isWrite = (cmd: string): boolean => cmd.startsWith('set.')

/** Does what a signed message says. */
export const obey = (
  miner: SimulatedMiner,
  cmd: string,
  message: Record<string, unknown>
): Said => {
  const key = signed(miner, cmd, message)
  if (typeof key === 'string') {
    miner.denied(cmd, key)
    return DENIED
  }
  if (!Object.hasOwn(ORDERS, cmd)) return { code: -1, msg: 'invalid command' }
  const order = ORDERS[cmd]!(message['param'], key)
  if (order === null) return FAILED
  miner.order(order)
  return { code: 0, msg: 'ok' }
}

/** The hash under the message; a text says what is wrong with it. */
const signed = (
  miner: SimulatedMiner,
  cmd: string,
  message: Record<string, unknown>
): Buffer | string => {
  const { user, password } = miner.account
  if (password === '') return 'the API is switched off'
  if (textIn(message, 'account') !== user) return 'no such account'
  const ts = Number(message['ts'])
  if (!(Math.abs(ts - secondsOf(miner.now())) <= CLOCKS_APART_S)) return 'another time'
  const key = v3Hash(cmd, password, saltOf(miner), ts)
  const isRight = key.toString('base64').slice(0, TOKEN_LENGTH) === textIn(message, 'token')
  return isRight ? key : 'wrong token'
}
