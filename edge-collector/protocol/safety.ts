import { type Check, integer, list, number, object, oneOf, optional, text } from './check.js'
import { MINER_KEY } from './sample.js'

/** What a collector may do by itself. It travels in the signed config; without one it does nothing. */
export interface SafetyPolicy {
  /** °C of the hottest chip; above, a miner is sent to sleep. */
  sleepAboveC: number
  /** So many readings one after the other, none of them old. */
  samplesInRow: number
  /** Most actions on one miner in an hour. */
  mostPerHour: number
  /** Most miners, in percent of those it knows, that may be asleep by its doing at once. */
  mostSharePct: number
  /** °C; at or below, a miner that it sent to sleep is woken. Null: a person wakes it. */
  wakeBelowC: number | null
  /** Shortest sleep. */
  wakeAfterMinutes: number
}

export const checkSafetyPolicy: Check = object({
  sleepAboveC: number(60, 120),
  samplesInRow: integer(2, 20),
  mostPerHour: integer(1, 20),
  mostSharePct: integer(1, 100),
  wakeBelowC: optional(number(10, 100)),
  wakeAfterMinutes: integer(5, 1440),
})

export const SAFETY_ACTIONS = ['pause', 'resume'] as const
export type SafetyAction = (typeof SAFETY_ACTIONS)[number]

/** `sent`: it said yes. `lost`: no answer came. `done`: reading again shows it. */
export const SAFETY_OUTCOMES = ['sent', 'lost', 'refused', 'done', 'not_done'] as const
export type SafetyOutcome = (typeof SAFETY_OUTCOMES)[number]

/** One thing that was done to a miner, or that became of it. */
export interface SafetyEvent {
  /** Made by the collector: sent twice, it is kept once. */
  id: string
  at: number
  miner: string
  ip: string
  action: SafetyAction
  outcome: SafetyOutcome
  tempC: number | null
  detail: string | null
}

export interface SafetyReport {
  events: SafetyEvent[]
}

export const checkSafetyReport: Check = object({
  events: list(
    object({
      id: text(36, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      at: integer(1_500_000_000_000, 4_102_444_800_000),
      miner: text(126, MINER_KEY),
      ip: text(45, /^[0-9A-Fa-f.:]{2,45}$/),
      action: oneOf(SAFETY_ACTIONS),
      outcome: oneOf(SAFETY_OUTCOMES),
      tempC: optional(number(-100, 500)),
      detail: optional(text(300)),
    }),
    100
  ),
})
