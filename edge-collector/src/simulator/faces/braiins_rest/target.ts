import type { Moment, SimulatedMiner } from '../../contract.js'

/** What the tuner takes, as shares of the nameplate. */
const LEAST = 0.3
const MOST = 1.5

/** What the tuner aims at: watts, or TH/s if those were asked for since. */
export const targetsOf = (
  { model }: SimulatedMiner,
  { powerLimitW, hashrateTargetThs }: Moment
): { watts: number; ths: number | null } => ({
  watts: powerLimitW ?? model.powerW,
  ths: hashrateTargetThs,
})

export const constraintsOf = ({ model }: SimulatedMiner) => ({
  tuner_constraints: {
    power_target: {
      min: { watt: Math.round(model.powerW * LEAST) },
      default: { watt: model.powerW },
      max: { watt: Math.round(model.powerW * MOST) },
    },
    hashrate_target: {
      min: { terahash_per_second: Math.round(model.hashrateThs * LEAST) },
      default: { terahash_per_second: model.hashrateThs },
      max: { terahash_per_second: Math.round(model.hashrateThs * MOST) },
    },
  },
})

const fits = (value: number, nameplate: number) =>
  value >= Math.round(nameplate * LEAST) && value <= Math.round(nameplate * MOST)

/** False: out of range. */
export const aimAtPower = (miner: SimulatedMiner, watts: number): boolean => {
  if (!fits(watts, miner.model.powerW)) return false
  miner.order({ type: 'set_power_limit', watts })
  return true
}

export const aimAtHashrate = (miner: SimulatedMiner, ths: number): boolean => {
  if (!fits(ths, miner.model.hashrateThs)) return false
  miner.order({ type: 'set_hashrate_target', ths })
  return true
}
