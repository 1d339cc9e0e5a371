/**
 * The normalised telemetry of one miner and one poll, `hashinsight-telemetry/1`. Rules that hold
 * for every field: the unit is in the name; null means that the miner did not say, 0 that it said
 * zero; an empty list means that it said "none", a null list that the question was not answered.
 * Hashrate is TH/s (1e12 hashes a second) whatever the algorithm.
 */
export const SCHEMA_VERSION = 'hashinsight-telemetry/1'

export const OUTCOMES = [
  'ok',
  'partial',
  'unreachable',
  'api_down',
  'auth_failed',
  'unidentified',
] as const
/** `api_down`: the host answers, its mining API does not. */
export type Outcome = (typeof OUTCOMES)[number]

export const PROBLEM_KINDS = [
  'refused',
  'timeout',
  'reset',
  'not_json',
  'truncated',
  'too_large',
  'empty',
  'api_error',
  'auth',
  /** Another certificate than the one that was seen first. */
  'tls_changed',
  'unsupported',
] as const
export type ProblemKind = (typeof PROBLEM_KINDS)[number]

/** One question that was not answered, and why. */
export interface Problem {
  request: string
  kind: ProblemKind
  detail: string
}

export const STATES = ['mining', 'paused', 'starting', 'tuning', 'fault', 'unknown'] as const
/** `paused` is on purpose: sleep, mineroff, soft-off, stopped. */
export type MinerState = (typeof STATES)[number]

export interface Fan {
  slot: number
  rpm: number | null
}

export interface Hashboard {
  /** Position, from 0. */
  slot: number
  /** What the firmware calls it: "6", "L1N0". */
  slot_label: string | null
  /** False: the firmware lists the slot as empty. A slot that it does not list is not in the list. */
  present: boolean
  active: boolean | null
  hashrate_ths: number | null
  hashrate_avg_ths: number | null
  expected_hashrate_ths: number | null
  chips_working: number | null
  chips_expected: number | null
  /** Of the circuit board. */
  temp_board_c: number | null
  /** Mean of the chips. */
  temp_chip_c: number | null
  temp_chip_min_c: number | null
  temp_chip_max_c: number | null
  temp_inlet_c: number | null
  temp_outlet_c: number | null
  frequency_mhz: number | null
  voltage_v: number | null
  serial_number: string | null
  hw_errors: number | null
}

export interface Pool {
  index: number
  group: number | null
  group_name: string | null
  quota: number | null
  /** Without credentials. */
  url: string | null
  user: string | null
  priority: number | null
  alive: boolean | null
  /** Work comes from here now. */
  active: boolean | null
  /** Since the process started, as are the next two. */
  accepted: number | null
  rejected: number | null
  stale: number | null
}

export const SEVERITIES = ['info', 'warning', 'error'] as const

/** A fault that is there now; never an entry of a log. */
export interface MinerFault {
  code: string
  message: string | null
  severity: (typeof SEVERITIES)[number]
  component: string | null
  /** The miner's own clock: without Z when its zone is unknown. */
  at: string | null
}

export const POWER_MODES = ['low', 'normal', 'high'] as const
export type PowerMode = (typeof POWER_MODES)[number]

export const TUNING_TYPES = ['power', 'hashrate', 'mode', 'profile'] as const

/** What the tuner aims at: watts, TH/s or a name. */
export interface TuningTarget {
  type: (typeof TUNING_TYPES)[number]
  value: number | string
}

export const CAPABILITIES = [
  'reboot',
  'restart_mining',
  'pause',
  'resume',
  'power_limit',
  'power_mode',
  'hashrate_target',
  'profile',
  'pools',
  'locate',
  'upgrade',
] as const
/** What can be done on this miner now, with the credentials at hand. */
export type Capability = (typeof CAPABILITIES)[number]

/** What a driver reads from a miner. */
export interface Reading {
  mac: string | null
  hostname: string | null
  /** Maker of the hardware: Antminer, WhatsMiner, Avalon, Bitaxe. */
  make: string | null
  /** Cleaned: "S19 Pro", "M50S++ VK20". */
  model: string | null
  model_raw: string | null
  /** Who wrote the software: stock, braiins, luxos, vnish, epic, axeos. */
  firmware_family: string | null
  firmware_version: string | null
  api_version: string | null
  control_board: string | null
  serial_number: string | null
  psu_serial_number: string | null
  algorithm: string
  is_mining: boolean | null
  state: MinerState
  /** Of the mining process. */
  uptime_s: number | null
  /** Of the control board. */
  system_uptime_s: number | null
  /** Over the shortest window that the firmware gives. */
  hashrate_ths: number | null
  /** Over the longest one. */
  hashrate_avg_ths: number | null
  /** What it should do now. */
  expected_hashrate_ths: number | null
  /** What the sticker says. */
  nameplate_hashrate_ths: number | null
  wattage_w: number | null
  /** `estimate`: computed by the firmware, not metered. */
  wattage_source: 'wall' | 'dc' | 'estimate' | null
  wattage_dc_w: number | null
  wattage_limit_w: number | null
  /** The limit in force after dynamic scaling. */
  scaled_power_target_w: number | null
  tuning_target: TuningTarget | null
  tuning_percent: number | null
  /** The mode that is set, where the firmware has such and names it; asleep some do not. */
  power_mode: PowerMode | null
  /** Air or fluid of the whole machine. */
  temp_inlet_c: number | null
  temp_outlet_c: number | null
  fans: Fan[] | null
  psu_fans: Fan[] | null
  hashboards: Hashboard[] | null
  pools: Pool[] | null
  errors: MinerFault[] | null
  /** The light that helps to find it is on. */
  fault_light: boolean | null
  shares_accepted: number | null
  shares_rejected: number | null
  shares_stale: number | null
  hardware_errors: number | null
  capabilities: Capability[]
}

/** A poll: a reading with its circumstances and what is derived from it. */
export interface TelemetryRecord extends Reading {
  schema_version: typeof SCHEMA_VERSION
  /** When the poll began; the clock of the collector, RFC 3339 in UTC with milliseconds. */
  observed_at: string
  poll_ms: number
  outcome: Outcome
  problems: Problem[]
  ip: string
  /** `wattage_w / hashrate_ths`; null below 1 % of the expected hashrate. */
  efficiency_jth: number | null
  /** The hottest chip, else the hottest board. */
  temp_max_c: number | null
}

/** A reading that says nothing yet: what a driver fills in. */
export const emptyReading = (): Reading => ({
  mac: null,
  hostname: null,
  make: null,
  model: null,
  model_raw: null,
  firmware_family: null,
  firmware_version: null,
  api_version: null,
  control_board: null,
  serial_number: null,
  psu_serial_number: null,
  algorithm: 'sha256d',
  is_mining: null,
  state: 'unknown',
  uptime_s: null,
  system_uptime_s: null,
  hashrate_ths: null,
  hashrate_avg_ths: null,
  expected_hashrate_ths: null,
  nameplate_hashrate_ths: null,
  wattage_w: null,
  wattage_source: null,
  wattage_dc_w: null,
  wattage_limit_w: null,
  scaled_power_target_w: null,
  tuning_target: null,
  tuning_percent: null,
  power_mode: null,
  temp_inlet_c: null,
  temp_outlet_c: null,
  fans: null,
  psu_fans: null,
  hashboards: null,
  pools: null,
  errors: null,
  fault_light: null,
  shares_accepted: null,
  shares_rejected: null,
  shares_stale: null,
  hardware_errors: null,
  capabilities: [],
})

/** A board of which only the place is known yet. */
export const emptyBoard = (slot: number): Hashboard => ({
  slot,
  slot_label: null,
  present: true,
  active: null,
  hashrate_ths: null,
  hashrate_avg_ths: null,
  expected_hashrate_ths: null,
  chips_working: null,
  chips_expected: null,
  temp_board_c: null,
  temp_chip_c: null,
  temp_chip_min_c: null,
  temp_chip_max_c: null,
  temp_inlet_c: null,
  temp_outlet_c: null,
  frequency_mhz: null,
  voltage_v: null,
  serial_number: null,
  hw_errors: null,
})

/** A pool of which only the index is known yet. */
export const emptyPool = (index: number): Pool => ({
  index,
  group: null,
  group_name: null,
  quota: null,
  url: null,
  user: null,
  priority: null,
  alive: null,
  active: null,
  accepted: null,
  rejected: null,
  stale: null,
})
