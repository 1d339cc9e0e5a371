import type { MinerState } from '../../../protocol/record.js'
import { countAt, textAt } from '../../values/json.js'
import type { JsonObject } from '../../wire/contract.js'

interface Verdict {
  is_mining: boolean | null
  state: MinerState
}

/** So long after power-on a process that is not there is still on its way. */
const BOOT_S = 300
const TUNING = '3'

/** Numbers in 25.07 and 25.11; the names are those of the API's own description. */
const NAMES: Record<string, string> = { 1: 'NOT_STARTED', 2: 'NORMAL', 3: 'PAUSED', 4: 'SUSPENDED' }

/** `status` of miner/details as a name: NOT_STARTED, NORMAL, PAUSED, SUSPENDED. */
export const statusOf = (details: JsonObject | null): string | null => {
  const status = textAt(details, 'status')?.toUpperCase() ?? null
  if (status === null) return null
  return Object.hasOwn(NAMES, status) ? NAMES[status]! : status.replace(/^MINER_STATUS_/, '')
}

/** What the miner is doing. Suspended is not on purpose, so it is not called paused. */
export const toVerdict = (details: JsonObject | null, tuner: JsonObject | null): Verdict => {
  switch (statusOf(details)) {
    case 'NORMAL':
      return {
        is_mining: true,
        state: textAt(tuner, 'overall_tuner_state') === TUNING ? 'tuning' : 'mining',
      }
    case 'PAUSED':
      return { is_mining: false, state: 'paused' }
    case 'SUSPENDED':
      return { is_mining: false, state: 'unknown' }
    case 'NOT_STARTED': {
      const upFor = countAt(details, 'system_uptime_s', 'system_uptime')
      return { is_mining: false, state: upFor !== null && upFor < BOOT_S ? 'starting' : 'paused' }
    }
    default:
      return { is_mining: null, state: 'unknown' }
  }
}
