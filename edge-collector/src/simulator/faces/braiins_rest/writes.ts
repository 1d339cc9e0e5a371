import type { MinerCommand } from '../../../drivers/contract.js'
import type { FaceReply, SimulatedMiner } from '../../contract.js'
import { json, NOT_FOUND } from '../page.js'
import { amountIn, listIn, objectIn, textIn } from '../parts.js'
import { GROUP, poolsOf, STOPPED } from './parts.js'
import { aimAtHashrate, aimAtPower } from './target.js'

type Write = (miner: SimulatedMiner, body: unknown) => FaceReply

const no = (message: string): FaceReply => json({ message }, 400)

const action =
  (type: 'reboot' | 'restart_mining' | 'pause' | 'resume', isStopped?: boolean): Write =>
  (miner) => {
    const order: MinerCommand = { type }
    if (isStopped !== undefined) miner.memory.set(STOPPED, isStopped)
    miner.order(order)
    return json({})
  }

/** A process that was stopped is not there to be resumed. */
const resume: Write = (miner, body) =>
  miner.memory.get(STOPPED) === true && miner.now().phase === 'paused'
    ? no('bosminer is not running')
    : action('resume')(miner, body)

const locate: Write = (miner, on) => {
  if (typeof on !== 'boolean') return no('expected a boolean')
  miner.order({ type: 'locate', on })
  return json(on)
}

const powerTarget: Write = (miner, body) => {
  const watt = amountIn(objectIn(body)['watt'])
  if (watt === null || !aimAtPower(miner, watt)) return no('power target out of range')
  return json({ watt })
}

const hashrateTarget: Write = (miner, body) => {
  const ths = amountIn(objectIn(body)['terahash_per_second'])
  if (ths === null || !aimAtHashrate(miner, ths)) return no('hashrate target out of range')
  return json({ terahash_per_second: ths })
}

/** All groups at once; the machine has one set of pools. */
const poolsBatch: Write = (miner, body) => {
  const pools = listIn(body)
    .flatMap((group) => listIn(objectIn(group)['pools']))
    .map((row) => ({
      url: textIn(row, 'url'),
      user: textIn(row, 'user'),
      password: textIn(row, 'password'),
    }))
  if (pools.length === 0) return no('at least one pool is needed')
  if (pools.some(({ url }) => !/^stratum2?\+(tcp|ssl):\/\//.test(url)))
    return no('invalid pool url')
  miner.memory.set(GROUP, textIn(listIn(body)[0], 'name') || 'default')
  miner.order({ type: 'set_pools', pools })
  return json(poolsOf(miner, miner.now()))
}

const WRITES: Readonly<Record<string, Write>> = {
  'actions/reboot': action('reboot'),
  'actions/restart': action('restart_mining'),
  'actions/pause': action('pause', false),
  'actions/stop': action('pause', true),
  'actions/start': action('resume', false),
  'actions/resume': resume,
  'actions/locate': locate,
  'performance/power-target': powerTarget,
  'performance/hashrate-target': hashrateTarget,
  'pools/batch': poolsBatch,
}

/** PUT by somebody who may. */
export const write = (miner: SimulatedMiner, path: string, body: unknown): FaceReply =>
  Object.hasOwn(WRITES, path) ? WRITES[path]!(miner, body) : NOT_FOUND
