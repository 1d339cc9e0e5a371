import { emptyReading, type Reading } from '../../../protocol/record.js'
import { amountAt, at, countAt, textAt } from '../../values/json.js'
import { toMac } from '../../values/text.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { isDown } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { dig } from '../web/dig.js'
import { logIn } from '../web/login.js'
import { toHardware } from '../web/names.js'
import { toBoards, toFans } from './boards.js'
import { API, login } from './login.js'
import { toPools } from './pools.js'
import { toRate } from './rates.js'
import { toVerdict } from './state.js'
import { toTuning } from './tuning.js'

/** miner/errors is never asked: it is a log that only grows. */
export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), firmware_family: 'braiins' }
  const headers = await logIn(session, login)
  if (headers === null) return base
  const get = (path: string) => session.get(`${API}${path}`, headers)
  const details = dig(await get('miner/details'))
  if (details === null && isDown(session)) return base
  const tuner = dig(await get('performance/tuner-state'))
  const locate = await get('actions/locate')
  return {
    ...base,
    ...toIdentity(details),
    ...toVerdict(details, tuner),
    ...toTuning(await get('configuration/miner'), tuner),
    ...toStats(await get('miner/stats')),
    api_version: toApiVersion(await get('version')),
    hashboards: toBoards(await get('miner/hw/hashboards')),
    fans: toFans(await get('cooling/state')),
    pools: toPools(await get('pools')),
    fault_light: typeof locate === 'boolean' ? locate : null,
  }
}

const SOC_FAMILIES: Record<string, string> = {
  1: 'CVITEK',
  2: 'BEAGLEBONE',
  3: 'AMLOGIC',
  4: 'XILINX',
  5: 'BRAIINS',
}

const toIdentity = (details: JsonObject | null) => {
  const family = textAt(details, 'control_board_soc_family')
  return {
    ...toHardware(textAt(dig(details, 'miner_identity'), 'name', 'miner_model')),
    mac: toMac(at(details, 'mac_address')),
    hostname: textAt(details, 'hostname'),
    serial_number: textAt(details, 'serial_number'),
    psu_serial_number: textAt(dig(details, 'psu_info'), 'serial_number'),
    firmware_version: textAt(dig(details, 'bos_version'), 'current'),
    control_board:
      family !== null && Object.hasOwn(SOC_FAMILIES, family) ? SOC_FAMILIES[family]! : null,
    uptime_s: countAt(details, 'bosminer_uptime_s'),
    system_uptime_s: countAt(details, 'system_uptime_s', 'system_uptime'),
    nameplate_hashrate_ths: toRate(dig(details, 'sticker_hashrate')),
  } satisfies Partial<Reading>
}

const toStats = (answer: Json | null) => {
  const rates = dig(answer, 'miner_stats', 'real_hashrate')
  const shares = dig(answer, 'pool_stats')
  const watts = amountAt(dig(answer, 'power_stats', 'approximated_consumption'), 'watt')
  return {
    hashrate_ths: toRate(dig(rates, 'last_5s')),
    hashrate_avg_ths: toRate(dig(rates, 'last_15m')),
    expected_hashrate_ths: toRate(dig(answer, 'miner_stats', 'nominal_hashrate')),
    wattage_w: watts,
    wattage_source: watts === null ? null : 'estimate',
    shares_accepted: countAt(shares, 'accepted_shares'),
    shares_rejected: countAt(shares, 'rejected_shares'),
    shares_stale: countAt(shares, 'stale_shares'),
  } satisfies Partial<Reading>
}

/** "1.0.0" of { major, minor, patch }. */
export const toApiVersion = (answer: Json | null): string | null => {
  const parts = ['major', 'minor', 'patch'].map((key) => countAt(dig(answer), key))
  return parts.every((part) => part !== null) ? parts.join('.') : null
}
