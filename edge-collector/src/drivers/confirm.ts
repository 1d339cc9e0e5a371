import type { Pool, TelemetryRecord } from '../../protocol/record.js'
import type { Driver, MinerCommand } from './contract.js'

type Confirmed = boolean | null
type Wanted = Extract<MinerCommand, { type: 'set_pools' }>['pools']

/** Clocks of miners and rounding of minutes: less than this is no restart. */
const SLACK_S = 90
/** What a target may be off after a firmware rounded it. */
const ROUNDED = 1

/**
 * Whether a reading shows that a command took effect; false also while it has not yet. Null: the
 * reading does not say. `before` is from before the command was sent.
 */
export const isConfirmed = (
  command: MinerCommand,
  before: TelemetryRecord,
  after: TelemetryRecord
): Confirmed => {
  switch (command.type) {
    case 'reboot':
      return hasRestarted(before, after, 'system_uptime_s') ?? hasRestarted(before, after)
    case 'restart_mining':
      return hasBegun(before, after) || hasRestarted(before, after)
    case 'pause':
      return isPaused(after)
    case 'resume':
      return isAwake(after)
    default:
      return isSet(command, after)
  }
}

type Setting = Exclude<MinerCommand, { type: 'reboot' | 'restart_mining' | 'pause' | 'resume' }>

const isSet = (command: Setting, after: TelemetryRecord): Confirmed => {
  switch (command.type) {
    case 'set_power_mode':
      return told(after.power_mode, (mode) => mode === command.mode)
    case 'set_power_limit':
      return isLimitedTo(command.watts, after)
    case 'set_hashrate_target':
      return told(
        after.tuning_target,
        ({ type, value }) => type === 'hashrate' && isAbout(Number(value), command.ths)
      )
    case 'set_profile':
      return told(
        after.tuning_target,
        ({ type, value }) => type === 'profile' && value === command.name
      )
    case 'locate':
      return told(after.fault_light, (isOn) => isOn === command.on)
    case 'set_pools':
      return told(after.pools, (pools) => hasPools(pools, command.pools))
  }
}

const told = <T>(value: T | null, test: (value: T) => boolean): Confirmed =>
  value === null ? null : test(value)

/** A profile has watts of its own: the highest that the limit allows. */
const isLimitedTo = (watts: number, after: TelemetryRecord): Confirmed => {
  const { wattage_limit_w: limit, tuning_target: target } = after
  if (limit === null) return target === null ? null : false
  return target?.type === 'profile' ? limit <= watts : isAbout(limit, watts)
}

const isAbout = (is: number, wanted: number) => Math.abs(is - wanted) <= ROUNDED

const isPaused = ({ state, is_mining: isMining }: TelemetryRecord): Confirmed => {
  if (state === 'unknown') return isMining === null ? null : !isMining
  return state === 'paused'
}

const isAwake = ({ state, is_mining: isMining }: TelemetryRecord): Confirmed => {
  if (state === 'unknown') return isMining
  return state === 'mining' || state === 'tuning' || state === 'starting'
}

/** The process was caught on its way up. */
const hasBegun = (before: TelemetryRecord, after: TelemetryRecord) =>
  after.state === 'starting' && before.state !== 'starting'

/** The uptime is less than it would have become. */
const hasRestarted = (
  before: TelemetryRecord,
  after: TelemetryRecord,
  field: 'uptime_s' | 'system_uptime_s' = 'uptime_s'
): Confirmed => {
  const [was, is] = [before[field], after[field]]
  if (was === null || is === null) return null
  const passedS = (Date.parse(after.observed_at) - Date.parse(before.observed_at)) / 1000
  return is < was || is < was + passedS - SLACK_S
}

/** In this order and before all others; firmware leaves out the scheme or adds one. */
const hasPools = (pools: readonly Pool[], wanted: Wanted): boolean => {
  const set = pools.filter(({ url }) => url !== null)
  return wanted.every(
    ({ url, user }, index) =>
      set[index]?.user === user && placeOf(set[index]!.url!) === placeOf(url)
  )
}

const placeOf = (url: string) => url.replace(/^[a-z0-9+]+:\/\//i, '').toLowerCase()

/** The driver, whose results say when no reading can confirm them. */
export const saying = (driver: Driver): Driver => {
  const { act, notConfirmable = {} } = driver
  if (!act) return driver
  return {
    ...driver,
    act: async (wire, command, before) => {
      const result = await act(wire, command, before)
      const reason = notConfirmable[command.type]
      return reason === undefined ? result : { ...result, notConfirmable: reason }
    },
  }
}
