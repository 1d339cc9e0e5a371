import type { Moment, SimulatedMiner } from '../../contract.js'
import { amountIn, textIn, objectIn } from '../parts.js'

const MEMORY = 'tune'
const POWER = 'PowerTune'
const HASHRATE = ['VoltageOptimizer', 'ChipTune', 'BoardTune']

interface Tune {
  algo: string
  target: number
}

/** What was asked for since the start, else what the limit of the machine tells. */
const currentOf = ({ memory, model }: SimulatedMiner, { powerLimitW }: Moment): Tune => {
  const asked = memory.get(MEMORY) as Tune | undefined
  if (asked) return asked
  return powerLimitW === null
    ? { algo: 'VoltageOptimizer', target: model.hashrateThs }
    : { algo: POWER, target: powerLimitW }
}

export const tuneOf = (miner: SimulatedMiner, moment: Moment) => {
  const { algo, target } = currentOf(miner, moment)
  return {
    Running: true,
    Algorithm: {
      [algo]: {
        'Target': target,
        'Unit': algo === POWER ? 'W' : 'TH/s',
        'Min Throttle Target': Math.round(target / 2),
        'Throttle Step': 5,
        'Throttle Target': null,
        'Optimized': moment.phase === 'mining',
      },
    },
  }
}

/** Null when it took it, else why not. */
export const tune = (miner: SimulatedMiner, param: unknown): string | null => {
  const algo = textIn(param, 'algo')
  const target = amountIn(objectIn(param)['target'])
  if (algo !== POWER && !HASHRATE.includes(algo)) return 'Unknown algorithm'
  const nameplate = algo === POWER ? miner.model.powerW : miner.model.hashrateThs
  if (target === null || target > nameplate * 2) return 'Target out of range'
  miner.memory.set(MEMORY, { algo, target } satisfies Tune)
  miner.order(
    algo === POWER
      ? { type: 'set_power_limit', watts: target }
      : { type: 'set_hashrate_target', ths: target }
  )
  return null
}
