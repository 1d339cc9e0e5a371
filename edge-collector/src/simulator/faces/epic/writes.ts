import type { FaceReply, SimulatedMiner } from '../../contract.js'
import { json } from '../page.js'
import { listIn, objectIn, textIn } from '../parts.js'
import { tune } from './tune.js'

/** Null when it did it, else why not. */
type Write = (miner: SimulatedMiner, param: unknown) => string | null

const MINER = { Stop: 'pause', Autostart: 'resume' } as const

const mine: Write = (miner, param) => {
  if (typeof param !== 'string' || !Object.hasOwn(MINER, param)) return 'Invalid parameter'
  miner.order({ type: MINER[param as keyof typeof MINER] })
  return null
}

const plain =
  (type: 'reboot' | 'restart_mining'): Write =>
  (miner) => {
    miner.order({ type })
    return null
  }

const identify: Write = (miner, param) => {
  if (typeof param !== 'boolean') return 'Invalid parameter'
  miner.order({ type: 'locate', on: param })
  return null
}

const coin: Write = (miner, param) => {
  const pools = listIn(objectIn(param)['stratum_configs']).map((row) => ({
    url: textIn(row, 'pool'),
    user: textIn(row, 'login'),
    password: textIn(row, 'password'),
  }))
  if (textIn(param, 'coin') !== 'BTC') return 'Unknown coin'
  if (pools.length === 0 || pools.some(({ url }) => url === '')) return 'Invalid pool'
  miner.order({ type: 'set_pools', pools })
  return null
}

const WRITES: Readonly<Record<string, Write>> = {
  '/miner': mine,
  '/reboot': plain('reboot'),
  '/softreboot': plain('restart_mining'),
  '/identify': identify,
  '/coin': coin,
  '/perpetualtune/algo': tune,
}

export const isWrite = (path: string): boolean => Object.hasOwn(WRITES, path)

/** `{param, password}`; a refusal has status 200 as well. */
export const write = (miner: SimulatedMiner, path: string, body: unknown): FaceReply => {
  if (textIn(body, 'password') !== miner.account.password) {
    miner.denied(path.slice(1), 'wrong password')
    return json({ result: false, error: 'Incorrect password' })
  }
  const error = WRITES[path]!(miner, objectIn(body)['param'])
  return json({ result: error === null, error })
}
