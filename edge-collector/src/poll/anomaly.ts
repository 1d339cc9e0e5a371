import { createHash } from 'node:crypto'
import type { TelemetryRecord } from '../../protocol/record.js'

/** What two polls of one miner are compared by. */
export interface Mark {
  outcome: TelemetryRecord['outcome']
  state: TelemetryRecord['state']
  hashrateThs: number | null
  activeBoards: number | null
  tempMaxC: number | null
  /** Of boards, pools, faults and what the machine is; never of what always moves. */
  detail: string
}

/** Below this share of the hashrate before. */
const DROP_SHARE = 0.7
/** Between two polls. */
const JUMP_C = 10

export function markOf(record: TelemetryRecord): Mark {
  const boards = record.hashboards
  return {
    outcome: record.outcome,
    state: record.state,
    hashrateThs: record.hashrate_ths,
    activeBoards:
      boards?.filter(({ present, active }) => present && active !== false).length ?? null,
    tempMaxC: record.temp_max_c,
    detail: createHash('sha256')
      .update(JSON.stringify(lasting(record)))
      .digest('base64'),
  }
}

/** Whether something happened that is worth a closer look. */
export const isAnomaly = (before: Mark, now: Mark): boolean =>
  before.state !== now.state ||
  isGood(before) !== isGood(now) ||
  both(before.hashrateThs, now.hashrateThs, (was, is) => is < was * DROP_SHARE) ||
  both(before.activeBoards, now.activeBoards, (was, is) => is < was) ||
  both(before.tempMaxC, now.tempMaxC, (was, is) => Math.abs(is - was) >= JUMP_C)

/** A busy miner leaves a question open now and then; that alone is nothing. */
export const isGood = ({ outcome }: Pick<Mark, 'outcome'>): boolean =>
  outcome === 'ok' || outcome === 'partial'

const both = (
  was: number | null,
  is: number | null,
  test: (was: number, is: number) => boolean
): boolean => was !== null && is !== null && test(was, is)

const lasting = (record: TelemetryRecord) => [
  record.mac,
  record.hostname,
  record.model,
  record.firmware_family,
  record.firmware_version,
  record.serial_number,
  record.tuning_target,
  record.power_mode,
  record.fault_light,
  record.capabilities,
  record.hashboards?.map(
    ({ slot, present, active, chips_working: chips, serial_number: serial }) => [
      slot,
      present,
      active,
      chips,
      serial,
    ]
  ),
  record.pools?.map(({ index, url, user, alive, active }) => [index, url, user, alive, active]),
  record.errors?.map(({ code, component }) => [code, component]),
]
