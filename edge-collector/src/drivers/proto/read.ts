import { emptyReading, type Reading } from '../../../protocol/record.js'
import { amountAt, at, countAt, textAt } from '../../values/json.js'
import { sumOf } from '../../values/number.js'
import { toMac } from '../../values/text.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { isDown } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { dig, ghsAt, objectsOf } from '../web/dig.js'
import { logIn, tokenLogin } from '../web/login.js'
import { rateOf, toBoards } from './boards.js'
import { toFans, toFaults, toPools, toVerdict } from './parts.js'

export const API = '/api/v1/'

/** Some rigs want a password, some ask for nothing. */
export const login = tokenLogin({
  request: ({ password }) => ({ path: `${API}auth/login`, body: { password } }),
  tokenOf: (answer) => at(dig(answer), 'access_token'),
  headers: (token) => ({ authorization: `Bearer ${token}` }),
})

export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), make: 'Proto', firmware_family: 'proto' }
  const headers = await logIn(session, login)
  if (headers === null) return base
  const get = (path: string) => session.get(`${API}${path}`, headers)
  const system = dig(await get('system'), 'system-info')
  if (system === null && isDown(session)) return base
  const mining = dig(await get('mining'), 'mining-status')
  const network = dig(await get('network'), 'network-info')
  const hardware = await get('hardware')
  const telemetry = await get('telemetry?level=miner,hashboard,psu')
  return {
    ...base,
    ...toIdentity(system),
    ...toVerdict(mining),
    ...toFigures(mining, telemetry),
    mac: toMac(at(network, 'mac')),
    hostname: textAt(network, 'hostname'),
    serial_number:
      textAt(dig(hardware, 'hardware-info', 'cb-info'), 'serial_number') ?? textAt(system, 'cb_sn'),
    hashboards: toBoards(hardware, telemetry),
    fans: toFans(await get('cooling')),
    pools: toPools(await get('pools')),
    errors: toFaults(await get('errors')),
  }
}

const toIdentity = (system: JsonObject | null) =>
  ({
    model: textAt(system, 'model'),
    model_raw: textAt(system, 'product_name', 'model'),
    firmware_version: textAt(dig(system, 'os'), 'version'),
    api_version: textAt(dig(system, 'web_server'), 'version'),
    control_board: textAt(system, 'board'),
  }) satisfies Partial<Reading>

const toFigures = (mining: JsonObject | null, telemetry: Json | null) => {
  const miner = dig(telemetry, 'miner')
  const watts = amountAt(dig(miner, 'power'), 'value') ?? amountAt(mining, 'power_usage_watts')
  const limit = amountAt(mining, 'power_target_watts')
  const psus = objectsOf(at(dig(telemetry), 'psus')) ?? []
  return {
    hashrate_ths: rateOf(dig(miner, 'hashrate')) ?? ghsAt(mining, 'hashrate_ghs'),
    hashrate_avg_ths: ghsAt(mining, 'average_hashrate_ghs'),
    expected_hashrate_ths: ghsAt(mining, 'ideal_hashrate_ghs'),
    uptime_s: countAt(mining, 'mining_uptime_s'),
    system_uptime_s: countAt(mining, 'reboot_uptime_s'),
    hardware_errors: countAt(mining, 'hw_errors'),
    wattage_w: watts,
    wattage_source: watts === null ? null : 'wall',
    wattage_dc_w: sumOf(psus.map((psu) => amountAt(dig(psu, 'power'), 'output'))),
    wattage_limit_w: limit,
    tuning_target: limit === null ? null : { type: 'power', value: limit },
  } satisfies Partial<Reading>
}
