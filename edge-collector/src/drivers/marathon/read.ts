import {
  emptyPool,
  emptyReading,
  type Fan,
  type Pool,
  type Reading,
} from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, rowOf, textAt } from '../../values/json.js'
import { toMac, toPoolUrl } from '../../values/text.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { slotAt, toAlive } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { dig, ghsAt, objectsOf, toRpm } from '../web/dig.js'
import { toHardware } from '../web/names.js'
import { toBoards } from './boards.js'

export const API = '/kaonsu/v1/'

/** event_chart is a history and is not asked. */
export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), firmware_family: 'marathon' }
  const get = (path: string) => session.get(`${API}${path}`)
  const brief = dig(await get('brief'))
  if (brief === null) return base
  const version = rowOf(await session.rpc('version'), 'VERSION')
  const overview = dig(await get('overview'))
  const config = dig(await get('miner_config'))
  return {
    ...base,
    ...toHardware(textAt(version, 'Model', 'Type')),
    api_version: textAt(version, 'API'),
    mac: toMac(at(overview, 'mac')),
    firmware_version: textAt(overview, 'version_firmware'),
    control_board: textAt(overview, 'control_board'),
    hostname: textAt(dig(await get('network_config')), 'hostname'),
    ...toFigures(brief),
    ...toMode(brief, config),
    hashboards: toBoards(await get('hashboards'), await get('details')),
    fans: toFans(await get('fans')),
    pools: toPools(await get('pools')),
    fault_light: flagAt(dig(await get('locate_miner')), 'blinking'),
  }
}

/** The libraries differ in the unit of the first one; the ideal beside it is in GH/s. */
const toFigures = (brief: JsonObject) => {
  const watts = amountAt(brief, 'power_consumption_estimated')
  return {
    hashrate_ths: ghsAt(brief, 'hashrate_realtime'),
    hashrate_avg_ths: ghsAt(brief, 'hashrate_average'),
    expected_hashrate_ths: ghsAt(brief, 'hashrate_ideal'),
    uptime_s: countAt(brief, 'elapsed'),
    wattage_w: watts,
    wattage_source: watts === null ? null : 'estimate',
  } satisfies Partial<Reading>
}

const toMode = (brief: JsonObject, config: JsonObject | null) => {
  const mode = textAt(dig(config, 'mode'), 'work-mode-selector')
  const watts = amountAt(dig(config, 'mode', 'concorde'), 'power-target')
  const isTuned = mode?.toLowerCase() === 'auto' && watts !== null
  return {
    ...toVerdict(brief, mode),
    wattage_limit_w: watts,
    tuning_target: isTuned
      ? { type: 'power', value: watts }
      : mode === null
        ? null
        : { type: 'mode', value: mode.toLowerCase() },
  } satisfies Partial<Reading>
}

const toVerdict = (
  brief: JsonObject,
  mode: string | null
): Pick<Reading, 'is_mining' | 'state'> => {
  if (mode?.toLowerCase() === 'sleep') return { is_mining: false, state: 'paused' }
  return textAt(brief, 'status')?.toLowerCase() === 'mining'
    ? { is_mining: true, state: 'mining' }
    : { is_mining: null, state: 'unknown' }
}

const toFans = (answer: Json | null): Fan[] | null =>
  objectsOf(at(dig(answer), 'fans'))?.map((row, slot) => ({
    slot,
    rpm: toRpm(at(row, 'current_speed')),
  })) ?? null

const toPools = (answer: Json | null): Pool[] | null =>
  (objectsOf(answer) ?? objectsOf(at(dig(answer), 'pools')))?.map((row, position) => ({
    ...emptyPool(slotAt(row, 'index') ?? position),
    url: toPoolUrl(textAt(row, 'url')),
    user: textAt(row, 'user'),
    priority: countAt(row, 'priority'),
    alive: toAlive(textAt(row, 'status')),
    accepted: countAt(row, 'accepted'),
    rejected: countAt(row, 'rejected'),
    stale: countAt(row, 'stale'),
  })) ?? null
