import type { Reading } from '../../../protocol/record.js'
import type { Driver } from '../contract.js'

/** The longest text, or the range of a number. */
type Limit = number | readonly [min: number, max: number]
type Limits<T> = { readonly [K in keyof T]?: Limit }

const WATTS = [0, 1e6] as const
const THS = [0, 1e6] as const
const SECONDS = [0, 4e9] as const
const CELSIUS = [-100, 300] as const
const COUNT = [0, Number.MAX_SAFE_INTEGER] as const
const SPEED = [0, 1e5] as const

const READING: Limits<Reading> = {
  hostname: 200,
  make: 80,
  model: 120,
  model_raw: 200,
  firmware_version: 200,
  api_version: 80,
  control_board: 120,
  serial_number: 120,
  psu_serial_number: 120,
  algorithm: 40,
  uptime_s: SECONDS,
  system_uptime_s: SECONDS,
  hashrate_ths: THS,
  hashrate_avg_ths: THS,
  expected_hashrate_ths: THS,
  nameplate_hashrate_ths: THS,
  wattage_w: WATTS,
  wattage_dc_w: WATTS,
  wattage_limit_w: WATTS,
  scaled_power_target_w: WATTS,
  tuning_percent: [0, 1000],
  temp_inlet_c: CELSIUS,
  temp_outlet_c: CELSIUS,
  shares_accepted: COUNT,
  shares_rejected: COUNT,
  shares_stale: COUNT,
  hardware_errors: COUNT,
}
const FAN = { rpm: SPEED }
const BOARD = {
  slot_label: 40,
  serial_number: 120,
  hashrate_ths: THS,
  hashrate_avg_ths: THS,
  expected_hashrate_ths: THS,
  chips_working: [0, 1e6],
  chips_expected: [0, 1e6],
  frequency_mhz: SPEED,
  voltage_v: SPEED,
} as const
const POOL = {
  group_name: 200,
  url: 500,
  user: 200,
  quota: [0, 1e9],
  priority: [0, 1e6],
  group: [0, 1000],
} as const
const FAULT = { code: 120, message: 500, component: 120, at: 40 }
const TARGET = { value: [0, 1e9] } as const
const NAMED = { value: 120 }

const MOST = { fans: 32, boards: 64, pools: 32, errors: 300 }

/**
 * A reading as the protocol takes it: numbers out of range are null, texts and lists cut. One wild
 * value of one miner must not cost a batch.
 */
export const fitReading = (reading: Reading): Reading => {
  const target = reading.tuning_target
  const fitted = target && fit(target, typeof target.value === 'number' ? TARGET : NAMED)
  return {
    ...fit(reading, READING),
    tuning_target: fitted?.value === null ? null : fitted,
    fans: fitAll(reading.fans, FAN, MOST.fans),
    psu_fans: fitAll(reading.psu_fans, FAN, MOST.fans),
    hashboards: fitAll(reading.hashboards, BOARD, MOST.boards),
    pools: fitAll(reading.pools, POOL, MOST.pools),
    errors: fitAll(reading.errors, FAULT, MOST.errors),
  }
}

/** The driver, of which every reading fits. */
export const fitting = (driver: Driver): Driver => ({
  ...driver,
  read: async (session) => fitReading(await driver.read(session)),
})

const fitAll = <T extends object>(rows: T[] | null, limits: Limits<T>, most: number): T[] | null =>
  rows?.slice(0, most).map((row) => fit(row, limits)) ?? null

const fit = <T extends object>(given: T, limits: Limits<T>): T => {
  const entries = Object.entries(limits) as [keyof T & string, Limit][]
  return {
    ...given,
    ...Object.fromEntries(entries.map(([key, limit]) => [key, fitValue(given[key], limit)])),
  }
}

const fitValue = (value: unknown, limit: Limit): unknown => {
  if (typeof limit === 'number') {
    // A cut may have halved a pair of surrogates.
    return typeof value === 'string' ? value.slice(0, limit).toWellFormed() : null
  }
  const isWithin = typeof value === 'number' && value >= limit[0] && value <= limit[1]
  return isWithin ? value : null
}
