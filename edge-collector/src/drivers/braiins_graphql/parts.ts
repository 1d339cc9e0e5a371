import {
  emptyPool,
  type Fan,
  type MinerFault,
  type Pool,
  type Reading,
  type TuningTarget,
} from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, textAt } from '../../values/json.js'
import { toPoolUrl } from '../../values/text.js'
import type { JsonObject } from '../../wire/contract.js'
import { slotAt, toAlive } from '../cgminer_answers.js'
import { dig, objectsOf, toRpm } from '../web/dig.js'
import { toMhs } from './boards.js'

/** Everything of the `system` query. */
export const toSystem = (data: JsonObject | null) => {
  const info = dig(data, 'bosminer', 'info')
  const power = dig(info, 'summary', 'power')
  const watts = amountAt(power, 'approxConsumptionW')
  return {
    hostname: textAt(dig(data, 'bos'), 'hostname'),
    firmware_version: textAt(dig(data, 'bos', 'info', 'version'), 'full'),
    system_uptime_s: countAt(dig(data, 'bos', 'uptime'), 'durationS'),
    fault_light: flagAt(dig(data, 'bos'), 'faultLight'),
    hashrate_ths: toMhs(dig(info, 'workSolver', 'realHashrate'), 'mhs5S'),
    expected_hashrate_ths: toMhs(dig(info, 'workSolver'), 'nominalMhs'),
    wattage_w: watts,
    wattage_source: watts === null ? null : 'estimate',
    wattage_limit_w: amountAt(power, 'limitW'),
    fans: toFans(info),
    ...toVerdict(data),
  } satisfies Partial<Reading>
}

const toFans = (info: JsonObject | null): Fan[] | null =>
  objectsOf(at(info, 'fans'))?.map((row, position) => ({
    slot: slotAt(row, 'name') ?? position,
    rpm: toRpm(at(row, 'rpm')),
  })) ?? null

/**
 * The firmware does not say whether it hashes. A hashrate is proof of it; a mining process that is
 * not there, though the system answers, is proof of the contrary, but not of a purpose.
 */
const toVerdict = (data: JsonObject | null): Pick<Reading, 'is_mining' | 'state'> => {
  const ths = toMhs(dig(data, 'bosminer', 'info', 'workSolver', 'realHashrate'), 'mhs5S')
  if (ths !== null && ths > 0) return { is_mining: true, state: 'mining' }
  const isGone = dig(data, 'bos') !== null && dig(data, 'bosminer', 'info', 'workSolver') === null
  return { is_mining: isGone ? false : null, state: 'unknown' }
}

/** The `tuning` query. */
export const toTarget = (data: JsonObject | null): TuningTarget | null => {
  const tuning = dig(data, 'bosminer', 'config', 'autotuning')
  const watts = amountAt(tuning, 'powerTarget')
  const ths = amountAt(tuning, 'hashrateTarget')
  const isRate = textAt(tuning, 'mode')?.toUpperCase() === 'HASHRATE_TARGET'
  if (isRate) return ths === null ? null : { type: 'hashrate', value: ths }
  return watts === null ? null : { type: 'power', value: watts }
}

/** The `pools` query: groups in `info`, their quotas in `config`, in the same order. */
export const toPools = (data: JsonObject | null): Pool[] | null => {
  const quotas = objectsOf(at(dig(data, 'bosminer', 'config'), 'groups')) ?? []
  return (
    objectsOf(at(dig(data, 'bosminer', 'info'), 'poolGroups'))
      ?.flatMap((group, index) =>
        (objectsOf(at(group, 'pools')) ?? []).map((row) => ({
          ...toPool(row),
          group: index,
          group_name: textAt(group, 'name'),
          quota: amountAt(dig(quotas[index], 'strategy'), 'quota'),
        }))
      )
      .slice(0, 64)
      .map((pool, index) => ({ ...pool, index })) ?? null
  )
}

const toPool = (row: JsonObject): Pool => ({
  ...emptyPool(0),
  url: toPoolUrl(textAt(row, 'url')),
  user: textAt(row, 'user'),
  alive: toAlive(textAt(row, 'status')),
  active: flagAt(row, 'active'),
  accepted: countAt(dig(row, 'shares'), 'acceptedSolutions'),
  rejected: countAt(dig(row, 'shares'), 'rejectedSolutions'),
})

/** The `events` query: what asks for attention now. */
export const toFaults = (data: JsonObject | null): MinerFault[] | null =>
  objectsOf(at(dig(data, 'events'), 'appeals'), 50)?.map((row) => {
    const kind = textAt(row, 'kind')?.toLowerCase() ?? null
    return {
      code: textAt(row, 'id', 'kind') ?? 'appeal',
      message: textAt(row, 'message'),
      severity: kind === 'error' || kind === 'warning' ? kind : 'info',
      component: null,
      at: null,
    }
  }) ?? null
