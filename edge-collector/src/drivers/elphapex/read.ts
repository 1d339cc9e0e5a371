import { emptyReading, type Reading } from '../../../protocol/record.js'
import { at, countAt, flagAt, rowOf, textAt } from '../../values/json.js'
import { toMac } from '../../values/text.js'
import { toThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { toFaults, toWebPools } from '../antminer/parts.js'
import { isDown } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { askPage, CGI } from '../web/cgi.js'
import { dig, listOf, toRpm } from '../web/dig.js'
import { toState } from '../web/names.js'
import { toBoards } from './boards.js'

/** Everything over the web interface; there is no password that is known to all. */
export const read = async (session: Session): Promise<Reading> => {
  const base = {
    ...emptyReading(),
    make: 'Elphapex',
    firmware_family: 'stock',
    algorithm: 'scrypt',
  }
  const info = await askPage(session, CGI.info)
  if (info === null && (isDown(session) || session.problems.at(-1)?.kind === 'auth')) return base
  const answer = await askPage(session, CGI.summary)
  const summary = rowOf(answer, 'SUMMARY')
  const stats = rowOf(await askPage(session, CGI.stats), 'STATS')
  const rates = toRates(summary)
  const isMining = isMeantToMine(await askPage(session, CGI.config))
  return {
    ...base,
    ...toIdentity(info, answer),
    ...rates,
    is_mining: isMining,
    state: toState(isMining, rates.hashrate_ths),
    uptime_s: countAt(summary, 'elapsed'),
    errors: toFaults(summary),
    hashboards: toBoards(stats, textAt(stats, 'rate_unit') ?? 'MH/s'),
    fans: listOf(at(stats, 'fan'))?.map((value, slot) => ({ slot, rpm: toRpm(value) })) ?? null,
    pools: toWebPools(await askPage(session, CGI.pools)),
    fault_light: flagAt(await askPage(session, CGI.blink), 'blink'),
  }
}

const toIdentity = (info: JsonObject | null, answer: JsonObject | null) => {
  const inside = dig(answer, 'INFO')
  const model = textAt(info, 'minertype') ?? textAt(inside, 'type')
  const version = textAt(info, 'system_filesystem_version') ?? textAt(inside, 'miner_version')
  return {
    model,
    model_raw: model,
    algorithm: textAt(info, 'Algorithm')?.toLowerCase() ?? 'scrypt',
    mac: toMac(at(info, 'macaddr')),
    hostname: textAt(info, 'hostname'),
    serial_number: textAt(inside, 'dev_sn'),
    // "DG1+_SW_V1.0.2"
    firmware_version: version?.replace(/^.*[^a-z]v(?=\d)/i, '') ?? null,
    api_version: textAt(rowOf(answer, 'STATUS'), 'api_version'),
  } satisfies Partial<Reading>
}

const toRates = (summary: JsonObject | null) => {
  const unit = textAt(summary, 'rate_unit') ?? 'MH/s'
  return {
    hashrate_ths: toThs(at(summary, 'rate_5s'), unit),
    hashrate_avg_ths: toThs(at(summary, 'rate_avg'), unit),
    expected_hashrate_ths: toThs(at(summary, 'rate_ideal'), unit),
  } satisfies Partial<Reading>
}

/** Mode 1 is asleep. */
const isMeantToMine = (config: JsonObject | null): boolean | null => {
  const mode = countAt(config, 'fc-work-mode')
  return mode === null ? null : mode !== 1
}
