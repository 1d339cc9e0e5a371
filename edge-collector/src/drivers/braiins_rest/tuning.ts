import type { Reading, TuningTarget } from '../../../protocol/record.js'
import { amountAt, asObject, flagAt, textAt } from '../../values/json.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { dig } from '../web/dig.js'
import { toRate } from './rates.js'

/**
 * The target as configured, and the lower one in force while power is scaled down.
 * configuration/miner and performance/tuner-state.
 */
export const toTuning = (config: Json | null, state: Json | null) => {
  const tuner = dig(config, 'tuner')
  const watts = amountAt(dig(tuner, 'power_target'), 'watt')
  const target = flagAt(tuner, 'enabled') === false ? null : toTarget(tuner, watts)
  return {
    wattage_limit_w: target?.type === 'hashrate' ? null : watts,
    tuning_target: target,
    scaled_power_target_w: currentWatts(state),
  } satisfies Partial<Reading>
}

/** The mode is 1 for power and 2 for hashrate; older answers have only one of the targets. */
const toTarget = (tuner: JsonObject | null, watts: number | null): TuningTarget | null => {
  const ths = toRate(dig(tuner, 'hashrate_target'))
  const power: TuningTarget | null = watts === null ? null : { type: 'power', value: watts }
  const rate: TuningTarget | null = ths === null ? null : { type: 'hashrate', value: ths }
  return textAt(tuner, 'tuner_mode') === '2' ? rate : (power ?? rate)
}

/** `mode_state` holds one object, named after the mode. */
const currentWatts = (state: Json | null): number | null => {
  for (const mode of Object.values(dig(state, 'mode_state') ?? {})) {
    const watts = amountAt(dig(asObject(mode), 'current_target'), 'watt')
    if (watts !== null) return watts
  }
  return null
}
