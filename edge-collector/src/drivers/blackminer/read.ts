import { emptyReading, type Reading, type TuningTarget } from '../../../protocol/record.js'
import { at, countAt, flagAt, rowOf, rowsOf, textAt } from '../../values/json.js'
import { toPowerMode } from '../../values/power_mode.js'
import { toMac } from '../../values/text.js'
import { mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { toFaults } from '../antminer/parts.js'
import { askPools, isDown, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { askPage, CGI } from '../web/cgi.js'
import { toState } from '../web/names.js'
import { toBoards, toFans } from './boards.js'

/** Figures come from the mining API, names and modes from the pages, which want a password. */
export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), firmware_family: 'stock', algorithm: 'scrypt' }
  const version = rowOf(await session.rpc('version'), 'VERSION')
  const isApiDown = version === null && isDown(session)
  const rpc = async (command: string) => (isApiDown ? null : session.rpc(command))
  const summary = rowOf(await rpc('summary'), 'SUMMARY')
  const stats = statsOf(await rpc('stats'))
  const ths = mhsToThs(at(summary, 'MHS 5s')) ?? mhsToThs(at(stats, 'MHS 5s'))
  const pools = isApiDown ? null : await askPools(session)
  const info = await askPage(session, CGI.info)
  const isLocked = info === null && session.problems.at(-1)?.kind === 'auth'
  const page = async (path: string) => (isLocked ? null : askPage(session, path))
  return {
    ...base,
    ...toIdentity(info, version),
    ...toCounters(summary),
    uptime_s: countAt(stats, 'Elapsed') ?? countAt(summary, 'Elapsed'),
    hashrate_ths: ths,
    hashrate_avg_ths: mhsToThs(at(summary, 'MHS av')) ?? mhsToThs(at(stats, 'MHS av')),
    pools,
    hashboards: toBoards(stats),
    fans: toFans(stats),
    ...toMode(await page(CGI.config), ths),
    errors: toFaults(rowOf(await page(CGI.summary), 'SUMMARY')),
    fault_light: flagAt(await page(CGI.blink), 'blink'),
  }
}

/** The first row of `stats` is about the process, the second about the machine. */
const statsOf = (answer: JsonObject | null): JsonObject | null =>
  rowsOf(answer, 'STATS')?.find((row) => at(row, 'Elapsed') !== undefined) ?? null

export const toMake = (model: string | null): string | null =>
  model === null ? null : /volcminer/i.test(model) ? 'VolcMiner' : 'Hammer'

const toIdentity = (info: JsonObject | null, version: JsonObject | null) => {
  const model = textAt(info, 'minertype') ?? textAt(version, 'Type')
  return {
    make: toMake(model),
    model,
    model_raw: model,
    mac: toMac(at(info, 'macaddr')),
    hostname: textAt(info, 'hostname'),
    firmware_version: textAt(info, 'system_filesystem_version') ?? textAt(version, 'CompileTime'),
    api_version: textAt(version, 'API'),
    control_board: textAt(info, 'bb_hwv'),
  } satisfies Partial<Reading>
}

const MODES = ['normal', 'sleep', 'high', 'low']
const SLEEP = 1

const toMode = (config: JsonObject | null, ths: number | null) => {
  const mode = countAt(config, 'bitmain-work-mode', 'miner-mode')
  const isMining = mode === null ? null : mode !== SLEEP
  const name = mode === null ? undefined : MODES[mode]
  const target: TuningTarget | null = name === undefined ? null : { type: 'mode', value: name }
  return {
    is_mining: isMining,
    state: toState(isMining, ths),
    tuning_target: target,
    power_mode: toPowerMode(name ?? null),
  } satisfies Partial<Reading>
}
