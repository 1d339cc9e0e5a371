import type { MinerState, Reading } from '../../../protocol/record.js'
import { amountAt, countAt, flagAt, rowsOf, textAt } from '../../values/json.js'
import type { JsonObject } from '../../wire/contract.js'
import { toAlive } from '../cgminer_answers.js'

/** The answers that say what it does. */
export interface Signs {
  config: JsonObject | null
  summary: JsonObject | null
  devs: JsonObject | null
  events: JsonObject | null
}

type Verdict = Pick<Reading, 'is_mining' | 'state'>

/** Codes of `events` (docs.luxor.tech, firmware/api/luxminer/events) that stop the whole machine. */
const PROTECTIONS = ['NOPIC_PROTECTION', 'OVERTEMP_PROTECTION', 'FAN_PANIC', 'PSU_PANIC']
/** Boards on their way up. */
const REBOOTS = /^REBOOT_/
/** What the same page gives a start at most. */
const START_S = 300

/**
 * What the machine does. `CurtailMode` says only whether it is meant to mine: one that starts, or
 * was stopped by itself, has "None" there too. `IsTuning` is no sign either, as it is true of
 * machines that hash steadily.
 */
export const toState = (signs: Signs): Verdict => {
  const mode = textAt(signs.config, 'CurtailMode')?.toLowerCase()
  if (mode === 'sleep' || mode === 'idle') return { is_mining: false, state: 'paused' }
  if (mode !== 'none') return { is_mining: null, state: 'unknown' }
  const state = awakeState(signs)
  return { is_mining: state !== 'fault' && state !== 'paused', state }
}

const awakeState = ({ config, summary, devs, events }: Signs): MinerState => {
  const hasPower = flagAt(config, 'IsPowerSupplyOn') !== false
  const boards = rowsOf(devs, 'DEVS') ?? []
  const isRamping = boards.some((board) => flagAt(board, 'IsRamping') === true)
  const isHashing = (amountAt(summary, 'GHS 5s') ?? 0) > 0
  if (hasPower && isHashing) return isRamping ? 'tuning' : 'mining'
  // Events outlast what they tell of, so they count only for one that does not hash.
  const codes = codesIn(events)
  if (codes.some((code) => PROTECTIONS.includes(code))) return 'fault'
  if (isRamping || isComingUp(summary, codes)) return 'starting'
  return hasPower ? idleState(boards) : 'fault'
}

const codesIn = (events: JsonObject | null) =>
  (rowsOf(events, 'EVENTS') ?? []).map((row) => textAt(row, 'Code') ?? '')

const isComingUp = (summary: JsonObject | null, codes: readonly string[]): boolean => {
  const uptimeS = countAt(summary, 'Elapsed')
  return (uptimeS !== null && uptimeS < START_S) || codes.some((code) => REBOOTS.test(code))
}

/** It has power and wants to mine; its boards tell why it does not, else it is a riddle for others. */
const idleState = (boards: JsonObject[]): MinerState => {
  if (boards.length === 0) return 'mining'
  if (boards.every((board) => flagAt(board, 'IsUserShutdown') === true)) return 'paused'
  return boards.every((board) => toAlive(textAt(board, 'Status')) === false) ? 'fault' : 'mining'
}
