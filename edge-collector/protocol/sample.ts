import { type Check, flag, integer, list, number, object, oneOf, optional, text } from './check.js'
import {
  CAPABILITIES,
  type Hashboard,
  OUTCOMES,
  type Outcome,
  type Pool,
  POWER_MODES,
  type Reading,
  SEVERITIES,
  STATES,
  type TelemetryRecord,
  TUNING_TYPES,
} from './record.js'

/** What each poll sends. Absent means null: the miner did not say. */
export interface FastFields {
  is_mining: boolean | null
  uptime_s: number | null
  hashrate_ths: number | null
  hashrate_avg_ths: number | null
  expected_hashrate_ths: number | null
  wattage_w: number | null
  wattage_source: Reading['wattage_source']
  wattage_limit_w: number | null
  temp_inlet_c: number | null
  temp_outlet_c: number | null
  temp_max_c: number | null
  /** Of the fans that the miner reports. */
  fan_min_rpm: number | null
  fan_max_rpm: number | null
  shares_accepted: number | null
  shares_rejected: number | null
  shares_stale: number | null
  hardware_errors: number | null
}

/** What changes seldom or costs much: sent every few minutes and after a change. */
export type Detail = Pick<
  Reading,
  | 'mac'
  | 'hostname'
  | 'make'
  | 'model'
  | 'model_raw'
  | 'firmware_family'
  | 'firmware_version'
  | 'api_version'
  | 'control_board'
  | 'serial_number'
  | 'psu_serial_number'
  | 'algorithm'
  | 'system_uptime_s'
  | 'nameplate_hashrate_ths'
  | 'wattage_dc_w'
  | 'scaled_power_target_w'
  | 'tuning_target'
  | 'tuning_percent'
  | 'power_mode'
  | 'fans'
  | 'psu_fans'
  | 'hashboards'
  | 'pools'
  | 'errors'
  | 'fault_light'
  | 'capabilities'
>

/** One poll of one miner on its way to the portal. */
export interface Sample extends Partial<FastFields> {
  /** The collector's key of the miner: `mac:…`, `sn:…`, `ip:…`. */
  miner: string
  /** Milliseconds since 1970 on the collector's clock, when the poll began. */
  at: number
  poll_ms: number
  outcome: Outcome
  state: Reading['state']
  ip: string
  /** Absent: only the fast fields were asked. */
  detail?: Detail
}

export const MINER_KEY = /^(mac|sn|board|ip):[\x21-\x7e]{1,120}$/
const MAC = /^[0-9A-F]{2}(:[0-9A-F]{2}){5}$/
const IP = /^[0-9A-Fa-f.:]{2,45}$/
const NAME = 200

const ths = () => optional(number(0, 1e6))
const watts = () => optional(number(0, 1e6))
const degrees = () => optional(number(-100, 300))
const rpm = () => optional(number(0, 1e5))
const counter = () => optional(integer(0, Number.MAX_SAFE_INTEGER))
const seconds = () => optional(integer(0, 4e9))
const name = (max = NAME) => optional(text(max))
const slot = () => integer(0, 1000)

const fans = () => optional(list(object({ slot: slot(), rpm: rpm() }), 32))

const hashboard: Record<keyof Hashboard, Check> = {
  slot: slot(),
  slot_label: name(40),
  present: flag(),
  active: optional(flag()),
  hashrate_ths: ths(),
  hashrate_avg_ths: ths(),
  expected_hashrate_ths: ths(),
  chips_working: optional(integer(0, 1e6)),
  chips_expected: optional(integer(0, 1e6)),
  temp_board_c: degrees(),
  temp_chip_c: degrees(),
  temp_chip_min_c: degrees(),
  temp_chip_max_c: degrees(),
  temp_inlet_c: degrees(),
  temp_outlet_c: degrees(),
  frequency_mhz: optional(number(0, 1e5)),
  voltage_v: optional(number(0, 1e5)),
  serial_number: name(120),
  hw_errors: counter(),
}

const pool: Record<keyof Pool, Check> = {
  index: slot(),
  group: optional(integer(0, 1000)),
  group_name: name(),
  quota: optional(number(0, 1e9)),
  url: name(500),
  user: name(),
  priority: optional(integer(-1000, 1e6)),
  alive: optional(flag()),
  active: optional(flag()),
  accepted: counter(),
  rejected: counter(),
  stale: counter(),
}

const minerFault = {
  code: text(120),
  message: name(500),
  severity: oneOf(SEVERITIES),
  component: name(120),
  at: name(40),
}

const nameOrNumber: Check = (value) =>
  typeof value === 'number' ? number(0, 1e9)(value) : text(120)(value)

const detail: Record<keyof Detail, Check> = {
  mac: optional(text(17, MAC)),
  hostname: name(),
  make: name(80),
  model: name(120),
  model_raw: name(),
  firmware_family: name(40),
  firmware_version: name(),
  api_version: name(80),
  control_board: name(120),
  serial_number: name(120),
  psu_serial_number: name(120),
  algorithm: text(40),
  system_uptime_s: seconds(),
  nameplate_hashrate_ths: ths(),
  wattage_dc_w: watts(),
  scaled_power_target_w: watts(),
  tuning_target: optional(object({ type: oneOf(TUNING_TYPES), value: nameOrNumber })),
  tuning_percent: optional(number(0, 1000)),
  power_mode: optional(oneOf(POWER_MODES)),
  fans: fans(),
  psu_fans: fans(),
  hashboards: optional(list(object(hashboard), 64)),
  pools: optional(list(object(pool), 32)),
  errors: optional(list(object(minerFault), 300)),
  fault_light: optional(flag()),
  capabilities: list(oneOf(CAPABILITIES), CAPABILITIES.length),
}

const fast: Record<keyof FastFields, Check> = {
  is_mining: optional(flag()),
  uptime_s: seconds(),
  hashrate_ths: ths(),
  hashrate_avg_ths: ths(),
  expected_hashrate_ths: ths(),
  wattage_w: watts(),
  wattage_source: optional(oneOf(['wall', 'dc', 'estimate'])),
  wattage_limit_w: watts(),
  temp_inlet_c: degrees(),
  temp_outlet_c: degrees(),
  temp_max_c: degrees(),
  fan_min_rpm: rpm(),
  fan_max_rpm: rpm(),
  shares_accepted: counter(),
  shares_rejected: counter(),
  shares_stale: counter(),
  hardware_errors: counter(),
}

/** One sample of a batch, as untrusted as it comes. */
export const checkSample: Check = object({
  miner: text(126, MINER_KEY),
  at: integer(1_500_000_000_000, 4_102_444_800_000),
  poll_ms: integer(0, 3_600_000),
  outcome: oneOf(OUTCOMES),
  state: oneOf(STATES),
  ip: text(45, IP),
  ...fast,
  detail: optional(object(detail)),
})

const BOARD_NAMES = Object.keys(hashboard)
const POOL_NAMES = Object.keys(pool)
const FAULT_NAMES = Object.keys(minerFault)

const only = <T extends object>(given: T, names: readonly string[]) =>
  Object.fromEntries(names.map((field) => [field, given[field as keyof T] ?? null])) as T
const onlyAll = <T extends object>(given: T[] | null | undefined, names: readonly string[]) =>
  given?.map((one) => only(one, names)) ?? null

/** A checked detail without whatever else came with it: nothing unchecked is kept. */
export function knownDetail(given: Detail): Detail {
  const { tuning_target: target } = given
  return {
    ...only(given, DETAIL_NAMES),
    tuning_target: target ? { type: target.type, value: target.value } : null,
    fans: onlyAll(given.fans, ['slot', 'rpm']),
    psu_fans: onlyAll(given.psu_fans, ['slot', 'rpm']),
    hashboards: onlyAll(given.hashboards, BOARD_NAMES),
    pools: onlyAll(given.pools, POOL_NAMES),
    errors: onlyAll(given.errors, FAULT_NAMES),
  }
}

const DETAIL_NAMES = Object.keys(detail) as (keyof Detail)[]
const FAST_NAMES = (Object.keys(fast) as (keyof FastFields)[]).filter(
  (field) => field !== 'fan_min_rpm' && field !== 'fan_max_rpm'
)

/** A record as a sample, with or without its detail. Nulls of the fast part are left out. */
export function sampleOf(record: TelemetryRecord, miner: string, withDetail: boolean): Sample {
  const sample: Sample = {
    miner,
    at: Date.parse(record.observed_at),
    poll_ms: record.poll_ms,
    outcome: record.outcome,
    state: record.state,
    ip: record.ip,
  }
  const said: Record<string, unknown> = { ...sample }
  for (const field of FAST_NAMES) {
    const value = record[field as keyof TelemetryRecord]
    if (value !== null) said[field] = value
  }
  const speeds = (record.fans ?? []).flatMap((fan) => (fan.rpm === null ? [] : [fan.rpm]))
  if (speeds.length > 0) {
    said.fan_min_rpm = Math.min(...speeds)
    said.fan_max_rpm = Math.max(...speeds)
  }
  if (withDetail) {
    said.detail = Object.fromEntries(DETAIL_NAMES.map((field) => [field, record[field]]))
  }
  return said as unknown as Sample
}
