import { emptyReading, type MinerFault, type Reading } from '../../../protocol/record.js'
import { amountAt, asObject, at, countAt, flagAt, rowOf, textAt } from '../../values/json.js'
import { toMac, toWhatsminerModel } from '../../values/text.js'
import { toPowerMode } from '../../values/power_mode.js'
import { toCelsius } from '../../values/temperature.js'
import { ghsToThs, mhsToThs } from '../../values/units.js'
import { toGeneration } from '../../values/whatsminer_generation.js'
import type { JsonObject } from '../../wire/contract.js'
import { askPools, isDown, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { toBoards, toFans } from './boards.js'
import { toCountedFaults, toFaults } from './faults.js'

/** The answers that say what machine this is. */
interface Parts {
  version: JsonObject | null
  summary: JsonObject | null
  info: JsonObject | null
  psu: JsonObject | null
}

/** One poll of a WhatsMiner over 4028; what V1 does not know it is not asked. */
export const read = async (session: Session): Promise<Reading> => {
  const msg = async (command: string) => asObject(at(await session.rpc(command), 'Msg'))
  const version = await msg('get_version')
  if (version === null && isDown(session)) return emptyReading()
  const summary = rowOf(await session.rpc('summary'), 'SUMMARY')
  const isV1 = toGeneration(firmwareOf(version, summary)) === 'V1'
  const info = isV1 ? null : await msg('get_miner_info')
  const psu = await msg('get_psu')
  const status = await msg('status')
  return {
    ...emptyReading(),
    ...toIdentity({ version, summary, info, psu }),
    ...toModel(await session.rpc('devdetails')),
    ...toCounters(summary),
    ...toState(status, summary),
    ...toHashrates(summary),
    ...toPower(summary),
    // Where both say something else it is the summary that has what is in force.
    power_mode: toPowerMode(textAt(summary, 'Power Mode') ?? textAt(status, 'power_mode')),
    system_uptime_s: countAt(summary, 'Uptime'),
    temp_inlet_c: toCelsius(at(summary, 'Env Temp')),
    fans: summary && toFans(summary, 'Fan Speed In', 'Fan Speed Out'),
    psu_fans: toPsuFans(summary, psu),
    hashboards: await askBoards(session),
    pools: await askPools(session),
    errors: isV1 ? toCountedFaults(summary) : await askFaults(msg, summary),
  }
}

/** `edevs` is what some firmware has instead. */
const askBoards = async (session: Session) =>
  toBoards(await session.rpc('devs')) ??
  (isDown(session) ? null : toBoards(await session.rpc('edevs')))

const askFaults = async (
  msg: (command: string) => Promise<JsonObject | null>,
  summary: JsonObject | null
): Promise<MinerFault[] | null> =>
  toFaults(at(await msg('get_error_code'), 'error_code')) ?? toCountedFaults(summary)

/** Sometimes in single quotes. */
const firmwareOf = (version: JsonObject | null, summary: JsonObject | null): string | null =>
  (textAt(version, 'fw_ver') ?? textAt(summary, 'Firmware Version'))?.replaceAll("'", '') ?? null

const toIdentity = ({ version, summary, info, psu }: Parts) =>
  ({
    make: 'WhatsMiner',
    firmware_family: 'stock',
    firmware_version: firmwareOf(version, summary),
    api_version: textAt(version, 'api_ver')?.replace(/^whatsminer\s*v?/i, '') ?? null,
    control_board:
      textAt(version, 'platform') ?? textAt(summary, 'CB Platform')?.replace(/^.*_/, '') ?? null,
    mac: toMac(at(summary, 'MAC')) ?? toMac(at(info, 'mac')),
    hostname: textAt(info, 'hostname'),
    serial_number: textAt(info, 'minersn'),
    psu_serial_number: textAt(psu, 'serial_no'),
    fault_light: toLight(textAt(info, 'ledstat')),
  }) satisfies Partial<Reading>

/** Any pattern but its own is one that helps to find it. */
export const toLight = (pattern: string | null): boolean | null =>
  pattern === null ? null : pattern.toLowerCase() !== 'auto'

const toModel = (devdetails: JsonObject | null) => {
  const model = textAt(rowOf(devdetails, 'DEVDETAILS'), 'Model')
  return { model: toWhatsminerModel(model), model_raw: model }
}

const toState = (
  status: JsonObject | null,
  summary: JsonObject | null
): Pick<Reading, 'is_mining' | 'state'> => {
  const isOff = flagAt(status, 'mineroff') ?? flagAt(status, 'btmineroff')
  if (isOff === null) return { is_mining: null, state: 'unknown' }
  if (isOff) return { is_mining: false, state: 'paused' }
  return { is_mining: true, state: flagAt(summary, 'Hash Stable') === false ? 'tuning' : 'mining' }
}

const toHashrates = (summary: JsonObject | null) => ({
  hashrate_ths: mhsToThs(at(summary, 'HS RT')) ?? mhsToThs(at(summary, 'MHS 5s')),
  hashrate_avg_ths: mhsToThs(at(summary, 'MHS av')),
  expected_hashrate_ths: ghsToThs(at(summary, 'Factory GHS')),
})

const toPower = (summary: JsonObject | null) => {
  const watts = amountAt(summary, 'Power')
  const limit = amountAt(summary, 'Power Limit')
  return {
    wattage_w: watts,
    wattage_source: watts === null ? null : 'wall',
    wattage_limit_w: limit,
    tuning_target: limit === null ? null : { type: 'power', value: limit },
  } satisfies Partial<Reading>
}

const toPsuFans = (summary: JsonObject | null, psu: JsonObject | null) => {
  const rpm = amountAt(summary, 'Power Fanspeed') ?? amountAt(psu, 'fan_speed')
  return rpm === null ? null : [{ slot: 0, rpm }]
}
