import {
  emptyPool,
  type Fan,
  type MinerFault,
  type MinerState,
  type Pool,
  type Reading,
  type TuningTarget,
} from '../../../protocol/record.js'
import { at, countAt, textAt } from '../../values/json.js'
import { toNumber } from '../../values/number.js'
import { toPoolUrl } from '../../values/text.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { slotAt } from '../cgminer_answers.js'
import { dig, objectsOf, toRpm } from '../web/dig.js'
import { withScheme } from '../web/names.js'

const STATES: Record<string, [boolean | null, MinerState]> = {
  'mining': [true, 'mining'],
  'auto-tuning': [true, 'tuning'],
  'initializing': [null, 'starting'],
  'starting': [null, 'starting'],
  'restarting': [null, 'starting'],
  'shutting-down': [false, 'paused'],
  'stopped': [false, 'paused'],
  'paused': [false, 'paused'],
  'failure': [false, 'fault'],
}

/** `miner_state` of the status. */
export const toVerdict = (status: JsonObject | null): Pick<Reading, 'is_mining' | 'state'> => {
  const name = textAt(status, 'miner_state')?.toLowerCase().replaceAll('_', '-') ?? ''
  const [isMining, state] = Object.hasOwn(STATES, name) ? STATES[name]! : [null, 'unknown' as const]
  return { is_mining: isMining, state }
}

/** Only a failure is one; every other state is none. */
export const toFaults = (status: JsonObject | null): MinerFault[] | null => {
  if (textAt(status, 'miner_state') === null) return null
  if (toVerdict(status).state !== 'fault') return []
  return [
    {
      code: textAt(status, 'failure_code') ?? 'failure',
      message: textAt(status, 'description'),
      severity: 'error',
      component: null,
      at: null,
    },
  ]
}

const ALIVE: Record<string, boolean> = {
  active: true,
  working: true,
  rejecting: true,
  offline: false,
}

/** The developer's own pool is none of the operator's. */
export const toPools = (summary: Json | null): Pool[] | null =>
  objectsOf(at(dig(summary, 'miner'), 'pools'))
    ?.filter((row) => textAt(row, 'pool_type') !== 'DevFee')
    .map((row, index) => {
      const status = textAt(row, 'status')?.toLowerCase() ?? ''
      const isKnown = status === 'disabled' || Object.hasOwn(ALIVE, status)
      return {
        ...emptyPool(index),
        url: withScheme(toPoolUrl(textAt(row, 'url'))),
        user: textAt(row, 'user'),
        alive: Object.hasOwn(ALIVE, status) ? ALIVE[status]! : null,
        active: isKnown ? status === 'active' : null,
        accepted: countAt(row, 'accepted'),
        rejected: countAt(row, 'rejected'),
        stale: countAt(row, 'stale'),
      }
    }) ?? null

export const toFans = (summary: Json | null): Fan[] | null =>
  objectsOf(at(dig(summary, 'miner', 'cooling'), 'fans'))?.map((row, position) => ({
    slot: slotAt(row, 'id') ?? position,
    rpm: toRpm(at(row, 'rpm')),
  })) ?? null

/** A preset is named after its watts; others, like "disabled", are names. */
export const toTuning = (settings: Json | null) => {
  const preset = textAt(dig(settings, 'miner', 'overclock'), 'preset')
  const watts = toNumber(preset)
  const target: TuningTarget | null =
    preset === null || preset === 'disabled' ? null : { type: 'profile', value: preset }
  return {
    tuning_target: target,
    wattage_limit_w: watts !== null && watts > 0 ? watts : null,
  } satisfies Partial<Reading>
}

const UPTIME = /^(?:(\d{1,5}) days?,? *)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/

/** "1 days, 4:05" or "18:07", hours and minutes; in seconds. */
export const toUptime = (text: string | null): number | null => {
  const parts = UPTIME.exec(text?.trim() ?? '')
  if (!parts) return null
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0))
  return ((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!
}
