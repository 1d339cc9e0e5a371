import {
  emptyBoard,
  emptyReading,
  type Fan,
  type Hashboard,
  type MinerFault,
  type Reading,
} from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, rowOf, textAt } from '../../values/json.js'
import { maxOf } from '../../values/number.js'
import { toMac } from '../../values/text.js'
import { toCelsius } from '../../values/temperature.js'
import { mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { askPools, isDown, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { askPage } from './page.js'

const MOST = 32
const SENSORS = [0, 1, 2, 3]

/** One poll of a SealMiner: flat keys, "0 MHS(Sample)" for the first board. */
export const read = async (session: Session): Promise<Reading> => {
  const answer = await session.rpc('version')
  if (answer === null && isDown(session)) return emptyReading()
  const stats = rowOf(await session.rpc('stats'), 'STATS')
  const summary = rowOf(await session.rpc('summary'), 'SUMMARY')
  const info = await askPage(session, '/cgi-bin/get_system_info.php')
  return {
    ...emptyReading(),
    ...toIdentity(stats, info),
    api_version: textAt(rowOf(answer, 'VERSION'), 'API'),
    ...toCounters(summary),
    ...toState(textAt(stats, 'PM State')),
    ...toPower(stats),
    hashrate_ths: mhsToThs(at(stats, 'MHS(1m)')),
    hashrate_avg_ths: mhsToThs(at(summary, 'MHS av')) ?? mhsToThs(at(stats, 'MHS(Avg)')),
    expected_hashrate_ths: mhsToThs(at(stats, 'MHS(Ideal)')),
    nameplate_hashrate_ths: mhsToThs(at(stats, 'MHS(Rated)')),
    system_uptime_s: countAt(stats, 'System Uptime'),
    fans: toFans(stats),
    psu_fans: stats && toPsuFans(stats),
    hashboards: toBoards(stats),
    pools: await askPools(session),
    errors: toFaults(stats),
    fault_light: flagAt(info, 'led'),
  }
}

const toIdentity = (stats: JsonObject | null, info: JsonObject | null) => {
  const model = textAt(stats, 'Model') ?? textAt(info, 'miner_type')
  return {
    make: 'SealMiner',
    model,
    model_raw: model,
    firmware_family: 'stock',
    firmware_version: textAt(stats, 'Firmware') ?? textAt(info, 'firmware_version'),
    control_board: textAt(stats, 'Ctrl Board') ?? textAt(info, 'ctrl_version'),
    serial_number: textAt(stats, 'Ctrl Board SN') ?? textAt(info, 'crtl_sn'),
    psu_serial_number: textAt(stats, 'PSU SN'),
    mac: toMac(at(stats, 'MAC')) ?? toMac(at(info, 'macaddr')),
  } satisfies Partial<Reading>
}

const toState = (state: string | null): Pick<Reading, 'is_mining' | 'state'> => {
  if (state === 'Running') return { is_mining: true, state: 'mining' }
  if (state !== null && /^suspend/i.test(state)) return { is_mining: false, state: 'paused' }
  return { is_mining: null, state: 'unknown' }
}

const toPower = (stats: JsonObject | null) => {
  const watts = amountAt(stats, 'PSU Input Power')
  const limit = amountAt(stats, 'Power Limit')
  return {
    wattage_w: watts,
    wattage_source: watts === null ? null : 'wall',
    wattage_dc_w: amountAt(stats, 'PSU Output Power'),
    wattage_limit_w: limit,
    tuning_target: limit === null ? null : { type: 'power', value: limit },
  } satisfies Partial<Reading>
}

/** The numbers for which there is a key with this name, from 0 without a gap. */
const numbersOf = (stats: JsonObject, ...names: string[]): number[] => {
  const has = (number: number) => names.some((name) => at(stats, `${number} ${name}`) !== undefined)
  const numbers: number[] = []
  while (numbers.length < MOST && has(numbers.length)) numbers.push(numbers.length)
  return numbers
}

const toFans = (stats: JsonObject | null): Fan[] | null =>
  stats &&
  numbersOf(stats, 'Speed').map((slot) => ({ slot, rpm: amountAt(stats, `${slot} Speed`) }))

const toPsuFans = (stats: JsonObject): Fan[] =>
  at(stats, 'PSU Fan Speed') === undefined
    ? []
    : [{ slot: 0, rpm: amountAt(stats, 'PSU Fan Speed') }]

const toBoards = (stats: JsonObject | null): Hashboard[] | null =>
  stats &&
  numbersOf(stats, 'Online', 'MHS(Sample)', 'Chip Count').map((slot) => {
    const key = (name: string) => `${slot} ${name}`
    return {
      ...emptyBoard(slot),
      slot_label: String(slot),
      active: flagAt(stats, key('Online')),
      hashrate_ths: mhsToThs(at(stats, key('MHS(Sample)'))),
      expected_hashrate_ths: mhsToThs(at(stats, key('MHS(Ideal)'))),
      chips_working: countAt(stats, key('Chip Count')),
      // Four sensors on the board, of which the hottest counts.
      temp_board_c: maxOf(SENSORS.map((sensor) => toCelsius(at(stats, key(`Temp ${sensor}`))))),
      frequency_mhz: amountAt(stats, key('Freq')),
      serial_number: textAt(stats, key('SN')),
    }
  })

/** Empty and all zeros mean that nothing is wrong. */
const toFaults = (stats: JsonObject | null): MinerFault[] | null => {
  if (at(stats, 'Error Code') === undefined && at(stats, 'PSU Error') === undefined) return null
  const faults = [
    { code: textAt(stats, 'Error Code'), component: null },
    { code: textAt(stats, 'PSU Error'), component: 'power_supply' },
  ]
  return faults.flatMap(({ code, component }) =>
    code === null || /^(0x)?0+$/i.test(code)
      ? []
      : [{ code: code.slice(0, 120), message: null, severity: 'error', component, at: null }]
  )
}
