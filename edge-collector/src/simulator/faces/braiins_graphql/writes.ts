import type { MinerCommand } from '../../../drivers/contract.js'
import type { SimulatedMiner } from '../../contract.js'
import { amountIn, listIn, objectIn, textIn } from '../parts.js'
import { GROUP } from './parts.js'

const STAGED = 'staged pools'
type Pools = Extract<MinerCommand, { type: 'set_pools' }>['pools']
type Arguments = Record<string, unknown>

const VOID = { __typename: 'VoidResult', void: null }
const error = (type: string, message: string) => ({ __typename: type, message })

/** New pools count from here on. */
const start = (miner: SimulatedMiner, command: MinerCommand) => {
  const staged = miner.memory.get(STAGED) as Pools | undefined
  if (staged) miner.order({ type: 'set_pools', pools: staged })
  miner.memory.delete(STAGED)
  miner.order(command)
  return VOID
}

const verb = (miner: SimulatedMiner, type: 'reboot' | 'pause') => () => {
  miner.order({ type })
  return VOID
}

const updateGroups = (miner: SimulatedMiner, groups: unknown[]) => {
  const pools = groups
    .flatMap((group) => listIn(objectIn(group)['pools']))
    .map((row) => ({
      url: textIn(row, 'url'),
      user: textIn(row, 'user'),
      password: textIn(row, 'password'),
    }))
  if (pools.length === 0 || pools.some(({ url }) => !/^stratum2?\+(tcp|ssl):\/\//.test(url))) {
    return error('GroupListError', 'Invalid pool')
  }
  miner.memory.set(GROUP, textIn(groups[0], 'name') || 'default')
  miner.memory.set(STAGED, pools)
  return { __typename: 'GroupList', groups: groups.map((_, id) => ({ id: String(id) })) }
}

const updateAutotuning = (miner: SimulatedMiner, input: unknown) => {
  const watts = amountIn(objectIn(input)['powerTarget'])
  if (watts === null || watts > miner.model.powerW * 2) {
    return error('AutotuningError', 'Invalid power target')
  }
  miner.order({ type: 'set_power_limit', watts })
  return { __typename: 'AutotuningOut', autotuning: { powerTarget: watts, enabled: true } }
}

/** Everything that a mutation can do, for somebody who may. */
export const mutations = (miner: SimulatedMiner) => ({
  bos: {
    reboot: verb(miner, 'reboot'),
    setFaultLight: ({ enable }: Arguments) => {
      miner.order({ type: 'locate', on: enable === true })
      return { __typename: 'FaultLight', enabled: enable === true }
    },
  },
  bosminer: {
    start: () => start(miner, { type: 'resume' }),
    stop: verb(miner, 'pause'),
    restart: () =>
      miner.now().phase === 'paused'
        ? error('BosminerError', 'BOSminer is not running')
        : start(miner, { type: 'restart_mining' }),
    config: {
      updateAutotuning: ({ input }: Arguments) => updateAutotuning(miner, input),
      updateGroups: ({ groups }: Arguments) => updateGroups(miner, listIn(groups)),
    },
  },
})
