import type { PowerMode, Reading } from '../../../protocol/record.js'
import { at } from '../../values/json.js'
import { toNumber } from '../../values/number.js'
import type { JsonObject } from '../../wire/contract.js'

/** Both keys exist, depending on the firmware, with a number or a text. */
export const MODE_KEYS = ['miner-mode', 'bitmain-work-mode'] as const

/** Newer firmware also writes 5 for sleep. */
const SLEEPING = [1, 5]
const NAMES: Record<number, PowerMode> = { 0: 'normal', 2: 'high', 3: 'low' }

/** What is written for a wish. */
export const MODES = { normal: 0, sleep: 1, high: 2, low: 3 } as const

/** The mode in the configuration, null when it has none. */
export const modeOf = (config: JsonObject | null): number | null => {
  for (const key of MODE_KEYS) {
    const mode = toNumber(at(config, key))
    if (mode !== null) return mode
  }
  return null
}

/**
 * Whether it mines: asleep by its configuration; awake by it, or by a hashrate of the last seconds
 * where there is no configuration to read. An average would outlive the mining.
 */
export const toMining = (
  mode: number | null,
  hashrateThs: number | null
): Pick<Reading, 'is_mining' | 'state' | 'tuning_target' | 'power_mode'> => {
  if (mode !== null && SLEEPING.includes(mode)) {
    return { is_mining: false, state: 'paused', tuning_target: null, power_mode: null }
  }
  const isMining = mode !== null || (hashrateThs !== null && hashrateThs > 0)
  const name = mode === null ? undefined : NAMES[mode]
  return {
    is_mining: isMining ? true : null,
    state: isMining ? 'mining' : 'unknown',
    tuning_target: name === undefined ? null : { type: 'mode', value: name },
    power_mode: name ?? null,
  }
}
