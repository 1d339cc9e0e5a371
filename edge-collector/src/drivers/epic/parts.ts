import {
  emptyPool,
  type Fan,
  type MinerFault,
  type MinerState,
  type Pool,
  type TuningTarget,
} from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, textAt } from '../../values/json.js'
import { cleanText, toPoolUrl } from '../../values/text.js'
import type { JsonObject } from '../../wire/contract.js'
import { dig, objectsOf, toRpm } from '../web/dig.js'
import { withScheme } from '../web/names.js'

const MOST_FANS = 32

/** "Fans Speed 1" and so on; null is no fan, 0 one that stands still. */
export const toFans = (summary: JsonObject | null): Fan[] | null => {
  const speeds = dig(summary, 'Fans Rpm')
  if (speeds === null) return null
  const slots = Array.from({ length: MOST_FANS }, (_, slot) => slot)
  return slots.flatMap((slot) => {
    const value = at(speeds, `Fans Speed ${slot + 1}`)
    return value === undefined || value === null ? [] : [{ slot, rpm: toRpm(value) }]
  })
}

/** Pools as configured; only the one in use has counters. Their passwords are left where they are. */
export const toPools = (summary: JsonObject | null): Pool[] | null => {
  const stratum = dig(summary, 'Stratum')
  const session = dig(summary, 'Session')
  const current = countAt(stratum, 'Config Id')
  return (
    objectsOf(at(summary, 'StratumConfigs'))?.map((row, index) => ({
      ...emptyPool(index),
      url: withScheme(toPoolUrl(textAt(row, 'pool'))),
      user: textAt(row, 'login'),
      active: current === null ? null : index === current,
      ...(index === current
        ? {
            alive: flagAt(stratum, 'IsPoolConnected'),
            accepted: countAt(session, 'Accepted'),
            rejected: countAt(session, 'Rejected'),
          }
        : {}),
    })) ?? null
  )
}

/** The algorithm that tunes names its target and the unit of it. */
export const toTarget = (summary: JsonObject | null): TuningTarget | null => {
  const tune = dig(summary, 'PerpetualTune')
  if (flagAt(tune, 'Running') !== true) return null
  const [name = ''] = Object.keys(dig(tune, 'Algorithm') ?? {})
  const algorithm = dig(tune, 'Algorithm', name)
  const value = amountAt(algorithm, 'Target')
  if (value === null) return null
  const unit = textAt(algorithm, 'Unit')?.toUpperCase() ?? ''
  if (unit === 'W' || /power/i.test(name)) return { type: 'power', value }
  return unit.startsWith('TH') ? { type: 'hashrate', value } : null
}

const STATES: Record<string, [boolean | null, MinerState]> = {
  mining: [true, 'mining'],
  idling: [false, 'paused'],
  stopped: [false, 'paused'],
}

/** What the firmware calls its state; anything else it does is on the way to mining or tuning. */
export const toVerdict = (summary: JsonObject | null) => {
  const name = textAt(dig(summary, 'Status'), 'Operating State')?.toLowerCase() ?? null
  if (name === null) return { is_mining: null, state: 'unknown' as MinerState }
  if (Object.hasOwn(STATES, name)) {
    const [isMining, state] = STATES[name]!
    return { is_mining: isMining, state }
  }
  const state: MinerState = /tun|calibrat|bench/.test(name) ? 'tuning' : startOf(name)
  return { is_mining: null, state }
}

const startOf = (name: string): MinerState =>
  /start|init|boot|warm|connect/.test(name) ? 'starting' : 'unknown'

/** The last error stays there after it is over: while it mines, it is history. */
export const toFaults = (summary: JsonObject | null): MinerFault[] | null => {
  const status = dig(summary, 'Status')
  if (status === null) return null
  const message = cleanText(at(status, 'Last Error'))
  if (message === null || textAt(status, 'Operating State') === 'Mining') return []
  return [{ code: 'last_error', message, severity: 'error', component: null, at: null }]
}
