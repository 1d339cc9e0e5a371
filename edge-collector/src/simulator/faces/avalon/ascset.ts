import type { Moment, SimulatedPool } from '../../contract.js'
import { amountIn } from '../parts.js'
import type { Answer, Asked } from '../rpc.js'
import { WORK_MODES } from './blocks.js'

const STAGED = 'pools'
const TIMED = /^1:\d{9,11}$/

type Set = (asked: Asked, words: string[]) => object | null

const ok = ({ yes }: Asked) => yes(119, 'ASC 0 set OK')
const info = (asked: Asked, text: string) => asked.info(118, `ASC 0 set info: ${text}`)
const failed = (asked: Asked, why: string) => asked.no(120, `ASC 0 set failed: ${why}`)

/** New pools count from here on. */
const reboot: Set = (asked) => {
  const { miner } = asked
  const staged = miner.memory.get(STAGED) as SimulatedPool[] | undefined
  if (staged) miner.order({ type: 'set_pools', pools: staged })
  miner.order({ type: 'reboot' })
  return ok(asked)
}

const softOff: Set = (asked, [time = '']) => {
  if (!TIMED.test(time)) return failed(asked, 'invalid softoff time')
  asked.miner.order({ type: 'pause' })
  return info(asked, `success softoff:${time.slice(2)}`)
}

/** Wakes up and forgets to answer. */
const softOn: Set = (asked, [time = '']) => {
  if (!TIMED.test(time)) return failed(asked, 'invalid softon time')
  asked.miner.order({ type: 'resume' })
  return null
}

const led: Set = (asked, [which = '']) => {
  if (which !== '1-1' && which !== '1-0') return failed(asked, 'invalid led')
  asked.miner.order({ type: 'locate', on: which === '1-1' })
  return ok(asked)
}

const workMode: Set = (asked, [verb, number = '']) => {
  const mode = /^[012]$/.test(number) ? WORK_MODES[Number(number)] : undefined
  if (verb !== 'set' || mode === undefined) return failed(asked, 'invalid workmode')
  asked.miner.order({ type: 'set_power_mode', mode })
  return ok(asked)
}

/** Below this share of the nameplate it is no wish for watts. */
const LEAST_SHARE = 0.1

const workLevel: Set = (asked, [verb, number]) => {
  const watts = amountIn(number) ?? 0
  const isPossible = watts >= asked.miner.model.powerW * LEAST_SHARE
  if (verb !== 'set' || !isPossible) return failed(asked, 'invalid worklevel')
  asked.miner.order({ type: 'set_power_limit', watts })
  return ok(asked)
}

/** `<web user>,<web password>,<index>,<url>,<user>,<password>` */
const setPool: Set = (asked, [user, password, ...pool]) => {
  const { account } = asked.miner
  if (user === account.user && password === account.password) return stage(asked, pool)
  asked.miner.denied('setpool', 'wrong user or password')
  return failed(asked, 'illegal user or password')
}

const stage: Set = (asked, [index = '', url = '', user = '', password = '']) => {
  if (!/^[012]$/.test(index) || url === '') return failed(asked, 'invalid pool')
  const { miner, moment } = asked
  const pools = [...((miner.memory.get(STAGED) as SimulatedPool[] | undefined) ?? moment.pools)]
  const place = Math.min(Number(index), pools.length)
  pools[place] = { ...(pools[place] ?? fresh(moment)), url, user, password }
  miner.memory.set(STAGED, pools)
  return ok(asked)
}

const fresh = ({ pools }: Moment): SimulatedPool => ({
  ...pools[0]!,
  isActive: false,
  accepted: 0,
  rejected: 0,
  stale: 0,
})

const SETS: Readonly<Record<string, Set>> = {
  help: (asked) => info(asked, `${Object.keys(SETS).join('|')}|`),
  reboot,
  softoff: softOff,
  softon: softOn,
  led,
  workmode: workMode,
  worklevel: workLevel,
  setpool: setPool,
}

/** `0,<what>[,…]`; nobody has to log in but for pools. */
export const ascset: Answer = (asked) => {
  const [asc, what = '', ...words] = asked.parameter.split(',')
  if (asked.parameter === '') return asked.no(38, "Missing parameter 'asc id'")
  if (asc !== '0') return asked.no(107, `Invalid ASC id ${asc} - range is 0 - 0`)
  return Object.hasOwn(SETS, what)
    ? SETS[what]!(asked, words)
    : failed(asked, `unknown option: ${what}`)
}
