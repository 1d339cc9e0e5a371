import type { Moment, SimulatedMiner } from '../../contract.js'
import { amountIn, textIn, objectIn } from '../parts.js'

const MEMORY = 'tune to a hashrate'
const POWER = 'PowerTune'
const HASHRATE = ['VoltageOptimizer', 'ChipTune', 'BoardTune']

/** What it aims at; which of the ways to a hashrate is forgotten at a restart. */
const currentOf = (
  { memory, model }: SimulatedMiner,
  { powerLimitW, hashrateTargetThs }: Moment
): { algo: string; target: number } => {
  if (powerLimitW !== null) return { algo: POWER, target: powerLimitW }
  const algo = (memory.get(MEMORY) as string | undefined) ?? HASHRATE[0]!
  return { algo, target: hashrateTargetThs ?? model.hashrateThs }
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
  if (algo !== POWER) miner.memory.set(MEMORY, algo)
  miner.order(
    algo === POWER
      ? { type: 'set_power_limit', watts: target }
      : { type: 'set_hashrate_target', ths: target }
  )
  return null
}
