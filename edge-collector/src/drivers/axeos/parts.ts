import {
  emptyBoard,
  emptyPool,
  type Fan,
  type Hashboard,
  type MinerFault,
  type MinerState,
  type Pool,
} from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, textAt } from '../../values/json.js'
import { toCelsius } from '../../values/temperature.js'
import { toPoolUrl } from '../../values/text.js'
import type { JsonObject } from '../../wire/contract.js'
import { ghsAt, toRpm } from '../web/dig.js'
import { withScheme } from '../web/names.js'

const MV_PER_V = 1000

/** What it should do now: as newer firmware says, else cores × MHz, which is a hash per clock. */
export const expectedOf = (info: JsonObject): number | null => {
  const told = ghsAt(info, 'expectedHashrate')
  const cores = countAt(info, 'smallCoreCount')
  const chips = countAt(info, 'asicCount')
  const megahertz = amountAt(info, 'frequency')
  if (told !== null || cores === null || chips === null || megahertz === null) return told
  return (cores * chips * megahertz) / 1e6
}

/** The one board. `vrTemp` sits beside the chip, `temp` in it. */
export const toBoard = (info: JsonObject): Hashboard => {
  const millivolts = amountAt(info, 'coreVoltageActual')
  return {
    ...emptyBoard(0),
    hashrate_ths: ghsAt(info, 'hashRate'),
    expected_hashrate_ths: expectedOf(info),
    chips_working: countAt(info, 'asicCount'),
    temp_board_c: toCelsius(at(info, 'vrTemp')),
    temp_chip_c: toCelsius(at(info, 'temp')),
    frequency_mhz: amountAt(info, 'frequency'),
    voltage_v: millivolts === null ? null : millivolts / MV_PER_V,
  }
}

export const toFans = (info: JsonObject): Fan[] | null => {
  const values = [at(info, 'fanrpm'), at(info, 'fan2rpm')].filter((value) => value !== undefined)
  return values.length === 0 ? null : values.map((value, slot) => ({ slot, rpm: toRpm(value) }))
}

/** Two pools; the counters are of the one in use, and nothing says whether the other lives. */
export const toPools = (info: JsonObject): Pool[] => {
  const isFallback = flagAt(info, 'isUsingFallbackStratum')
  const rows = [
    { name: 'stratum', isActive: isFallback === null ? null : !isFallback },
    { name: 'fallbackStratum', isActive: isFallback },
  ]
  return rows.flatMap(({ name, isActive }, index) => {
    const host = textAt(info, `${name}URL`)
    if (host === null) return []
    return [
      {
        ...emptyPool(index),
        url: toPoolUrl(withPort(withScheme(host)!, countAt(info, `${name}Port`))),
        user: textAt(info, `${name}User`),
        active: isActive,
        accepted: isActive ? countAt(info, 'sharesAccepted') : null,
        rejected: isActive ? countAt(info, 'sharesRejected') : null,
      },
    ]
  })
}

const withPort = (url: string, port: number | null) =>
  port === null || port === 0 || /:\d+$/.test(url) ? url : `${url}:${port}`

const FAULTS = ['overheat_mode', 'power_fault', 'hardware_fault']

/** Flags and texts that are there while something is wrong. */
export const toFaults = (info: JsonObject): MinerFault[] =>
  FAULTS.flatMap((code) => {
    const text = textAt(info, code)
    if (text === null || flagAt(info, code) === false) return []
    const message = flagAt(info, code) === true ? null : text
    return [{ code, message, severity: 'error', component: null, at: null } satisfies MinerFault]
  })

const WARM_UP_S = 120

/** Only newer firmware says whether it is meant to hash; else the hashrate is all there is. */
export const toVerdict = (info: JsonObject): { is_mining: boolean | null; state: MinerState } => {
  const isPaused = flagAt(info, 'miningPaused')
  const isMining = isPaused === null ? null : !isPaused
  if (isPaused === true) return { is_mining: false, state: 'paused' }
  if (toFaults(info).length > 0) return { is_mining: isMining, state: 'fault' }
  if ((ghsAt(info, 'hashRate') ?? 0) > 0) return { is_mining: isMining, state: 'mining' }
  const upFor = countAt(info, 'uptimeSeconds')
  const isNew = upFor !== null && upFor < WARM_UP_S
  return { is_mining: isMining, state: isNew ? 'starting' : 'unknown' }
}
