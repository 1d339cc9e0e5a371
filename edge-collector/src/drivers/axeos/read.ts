import { emptyReading, type Reading } from '../../../protocol/record.js'
import { amountAt, at, countAt, textAt } from '../../values/json.js'
import { toMac } from '../../values/text.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import type { Session } from '../contract.js'
import { dig, ghsAt } from '../web/dig.js'
import { expectedOf, toBoard, toFans, toFaults, toPools, toVerdict } from './parts.js'

export const INFO = '/api/system/info'

/** A single question tells everything; `system/asic` only adds limits of settings. */
export const read = async (session: Session): Promise<Reading> => {
  const info = toInfo(await session.get(INFO))
  const base = { ...emptyReading(), firmware_family: 'axeos' }
  if (info === null) return base
  const watts = amountAt(info, 'power')
  return {
    ...base,
    ...toName(info),
    ...toVerdict(info),
    mac: toMac(at(info, 'macAddr')),
    hostname: textAt(info, 'hostname'),
    firmware_version: textAt(info, 'version'),
    control_board: textAt(info, 'boardVersion'),
    system_uptime_s: countAt(info, 'uptimeSeconds'),
    hashrate_ths: ghsAt(info, 'hashRate'),
    hashrate_avg_ths: ghsAt(info, 'hashRate_1h', 'hashRate_10m', 'hashRate_1m'),
    expected_hashrate_ths: expectedOf(info),
    wattage_w: watts,
    wattage_source: watts === null ? null : 'dc',
    wattage_dc_w: watts,
    hashboards: [toBoard(info)],
    fans: toFans(info),
    pools: toPools(info),
    errors: toFaults(info),
    shares_accepted: countAt(info, 'sharesAccepted'),
    shares_rejected: countAt(info, 'sharesRejected'),
  }
}

/** Null for an answer that is not of such a miner. */
export const toInfo = (answer: Json | null): JsonObject | null => {
  const info = dig(answer)
  const hasMarks = ['ASICModel', 'macAddr', 'hashRate'].every((key) => at(info, key) !== undefined)
  return hasMarks ? info : null
}

/** Boards of the Bitaxe are named after their chip. */
const MODELS: Record<string, string> = {
  BM1397: 'Max',
  BM1366: 'Ultra',
  BM1368: 'Supra',
  BM1370: 'Gamma',
}

export const toName = (info: JsonObject) => {
  const device = textAt(info, 'deviceModel')
  const chip = textAt(info, 'ASICModel')
  const byChip = chip !== null && Object.hasOwn(MODELS, chip) ? MODELS[chip]! : chip
  return {
    make: /nerd/i.test(device ?? '') ? 'NerdAxe' : 'Bitaxe',
    model: device ?? byChip,
    model_raw: device ?? chip,
  }
}
