import {
  emptyBoard,
  emptyPool,
  emptyReading,
  type Hashboard,
  type Pool,
  type Reading,
} from '../../../protocol/record.js'
import {
  amountAt,
  asList,
  asObject,
  at,
  countAt,
  flagAt,
  rowsOf,
  textAt,
} from '../../values/json.js'
import { toMac, toPoolUrl, toWhatsminerModel } from '../../values/text.js'
import { toPowerMode } from '../../values/power_mode.js'
import { toCelsius } from '../../values/temperature.js'
import { toThs } from '../../values/units.js'
import type { Json, JsonObject, Wire } from '../../wire/contract.js'
import { ApiRefusal } from '../../wire/status.js'
import { isDown, slotAt, toAlive } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { CAPABILITIES } from '../whatsminer/index.js'
import { toFans } from '../whatsminer/boards.js'
import { toFaults } from '../whatsminer/faults.js'
import { toLight } from '../whatsminer/read.js'

const ths = (value: Json | undefined) => toThs(value, 'TH/s')

/** One poll of a WhatsMiner V3; everything is TH/s already. */
export const read = async (session: Session): Promise<Reading> => {
  const ask = async (cmd: string, param?: string) =>
    asObject(
      at(
        await session.ask(param ? `${cmd} ${param}` : cmd, () => session.wire.v3(cmd, param)),
        'msg'
      )
    )
  const info = await ask('get.device.info')
  if (info === null && isDown(session)) return emptyReading()
  const summary = asObject(at(await ask('get.miner.status', 'summary'), 'summary'))
  const edevs = await ask('get.miner.status', 'edevs')
  const pools = await ask('get.miner.status', 'pools')
  const setting = asObject(at(await session.ask(SETTING, () => askSetting(session.wire)), 'msg'))
  return {
    ...emptyReading(),
    ...toIdentity(info),
    ...toState(asObject(at(info, 'miner')), summary),
    ...toPower(summary),
    power_mode: toPowerMode(textAt(setting, 'power-mode')),
    hashrate_ths: ths(at(summary, 'hash-realtime')),
    hashrate_avg_ths: ths(at(summary, 'hash-average')),
    // Below zero while the factory value is unknown, which is then null.
    expected_hashrate_ths: ths(at(summary, 'factory-hash')),
    uptime_s: countAt(summary, 'elapsed'),
    temp_inlet_c: toCelsius(at(summary, 'environment-temperature')),
    fans: summary && toFans(summary, 'fan-speed-in', 'fan-speed-out'),
    psu_fans: info && toFans(asObject(at(info, 'power')), 'fanspeed'),
    hashboards: toBoards(edevs, summary, asObject(at(info, 'miner'))),
    pools: rowsOf(pools, 'pools')?.slice(0, 64).map(toPool) ?? null,
    errors: toFaults(at(info, 'error-code')),
  }
}

const toIdentity = (info: JsonObject | null) => {
  const part = (name: string) => asObject(at(info, name))
  const model = textAt(part('miner'), 'type')
  return {
    make: 'WhatsMiner',
    model: toWhatsminerModel(model),
    model_raw: model,
    firmware_family: 'stock',
    firmware_version: textAt(part('system'), 'fwversion'),
    api_version: textAt(part('system'), 'api'),
    control_board: textAt(part('system'), 'platform'),
    mac: toMac(at(part('network'), 'mac')),
    hostname: textAt(part('network'), 'hostname'),
    serial_number: textAt(part('miner'), 'miner-sn'),
    psu_serial_number: textAt(part('power'), 'sn'),
    fault_light: toLight(textAt(part('system'), 'ledstatus')),
    // Writes are refused while the switch of the API is off.
    capabilities: flagAt(part('system'), 'apiswitch') === false ? [] : [...CAPABILITIES],
  } satisfies Partial<Reading>
}

const SETTING = 'get.miner.setting'

/** Older firmware of this generation does not know the question, which is no failure. */
const askSetting = async (wire: Wire): Promise<JsonObject> => {
  try {
    return await wire.v3(SETTING)
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error
    throw new ApiRefusal({ code: error.code, message: error.message }, true)
  }
}

const toState = (
  miner: JsonObject | null,
  summary: JsonObject | null
): Pick<Reading, 'is_mining' | 'state'> => {
  const isWorking = flagAt(miner, 'working')
  if (isWorking === null) return { is_mining: null, state: 'unknown' }
  if (!isWorking) return { is_mining: false, state: 'paused' }
  return {
    is_mining: true,
    state: flagAt(summary, 'up-freq-finish') === false ? 'tuning' : 'mining',
  }
}

const toPower = (summary: JsonObject | null) => {
  const watts = amountAt(summary, 'power-realtime')
  const limit = amountAt(summary, 'power-limit')
  return {
    wattage_w: watts,
    wattage_source: watts === null ? null : 'wall',
    wattage_limit_w: limit,
    tuning_target: limit === null ? null : { type: 'power', value: limit },
  } satisfies Partial<Reading>
}

/** The boards' own temperatures are in the summary; the lowest chip is not one. */
const toBoards = (
  edevs: JsonObject | null,
  summary: JsonObject | null,
  miner: JsonObject | null
): Hashboard[] | null => {
  const temperatures = asList(at(summary, 'board-temperature')) ?? []
  return (
    rowsOf(edevs, 'edevs')
      ?.slice(0, 64)
      .map((row, position) => {
        const slot = slotAt(row, 'id') ?? position
        return {
          ...emptyBoard(slot),
          slot_label: textAt(row, 'id'),
          active: toAlive(textAt(row, 'status')),
          hashrate_ths: ths(at(row, 'hash-realtime')),
          hashrate_avg_ths: ths(at(row, 'hash-average')),
          expected_hashrate_ths: ths(at(row, 'factory-hash')),
          chips_working: countAt(row, 'effective-chips'),
          temp_board_c: toCelsius(temperatures[slot]),
          temp_chip_c: toCelsius(at(row, 'chip-temp-avg')),
          temp_chip_min_c: toCelsius(at(row, 'chip-temp-min')),
          temp_chip_max_c: toCelsius(at(row, 'chip-temp-max')),
          frequency_mhz: amountAt(row, 'freq'),
          serial_number: textAt(miner, `pcbsn${slot}`),
        }
      }) ?? null
  )
}

const toPool = (row: JsonObject, position: number): Pool => ({
  ...emptyPool(slotAt(row, 'id') ?? position),
  url: toPoolUrl(textAt(row, 'url')),
  user: textAt(row, 'account'),
  priority: countAt(row, 'pool-priority'),
  alive: toAlive(textAt(row, 'status')),
  active: flagAt(row, 'stratum-active'),
})
