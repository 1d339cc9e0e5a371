import { emptyReading, type Reading } from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, numberAt, textAt } from '../../values/json.js'
import { toMac } from '../../values/text.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { isDown } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { dig, rateAt } from '../web/dig.js'
import { logIn } from '../web/login.js'
import { toHardware } from '../web/names.js'
import { toBoards } from './boards.js'
import { API, login } from './login.js'
import { toFans, toFaults, toPools, toTuning, toUptime, toVerdict } from './parts.js'

export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), firmware_family: 'vnish' }
  const headers = await logIn(session, login)
  if (headers === null) return base
  const get = (path: string) => session.get(`${API}${path}`, headers)
  const info = dig(await get('info'))
  if (info === null && isDown(session)) return base
  const summary = await get('summary')
  const status = dig(await get('status'))
  const state = status ?? dig(summary, 'miner', 'miner_status')
  const verdict = toVerdict(state)
  const factory = await get('chains/factory-info')
  const unit = textAt(info, 'hr_measure') ?? 'GH/s'
  return {
    ...base,
    ...toIdentity(info),
    ...verdict,
    // The time in this state, which begins anew with the process; tuning ends without one.
    uptime_s: verdict.state === 'mining' ? countAt(state, 'miner_state_time') : null,
    ...toRates(summary, unit),
    ...toTuning(await get('settings')),
    psu_serial_number: textAt(dig(factory), 'psu_serial'),
    tuning_percent: numberAt(state, 'throttled'),
    fault_light: flagAt(status, 'find_miner'),
    hashboards: toBoards(summary, factory, unit),
    fans: toFans(summary),
    pools: toPools(summary),
    errors: toFaults(state),
  }
}

const toIdentity = (info: JsonObject | null) => {
  const system = dig(info, 'system')
  return {
    ...toHardware(textAt(info, 'miner') ?? textAt(system, 'miner_name')),
    algorithm: textAt(info, 'algorithm')?.toLowerCase() ?? 'sha256d',
    mac: toMac(at(dig(system, 'network_status'), 'mac')),
    hostname: textAt(dig(system, 'network_status'), 'hostname'),
    serial_number: textAt(info, 'serial'),
    firmware_version: textAt(info, 'fw_version'),
    control_board: textAt(info, 'platform'),
    system_uptime_s: toUptime(textAt(system, 'uptime')),
  } satisfies Partial<Reading>
}

/** The sticker, the target that it was tuned to, and what it does. */
const toRates = (summary: Json | null, unit: string) => {
  const miner = dig(summary, 'miner')
  const watts = amountAt(miner, 'power_consumption')
  return {
    hashrate_ths: rateAt(miner, unit, ['hr_realtime']),
    hashrate_avg_ths: rateAt(miner, unit, ['hr_average']),
    expected_hashrate_ths: rateAt(miner, unit, ['hr_nominal']),
    nameplate_hashrate_ths: rateAt(miner, unit, ['hr_stock']),
    hardware_errors: numberAt(miner, 'hw_errors'),
    wattage_w: watts,
    wattage_source: watts === null ? null : 'estimate',
  } satisfies Partial<Reading>
}
