import { emptyReading, type Reading } from '../../../protocol/record.js'
import { amountAt, asObject, at, countAt, rowOf, rowsOf, textAt } from '../../values/json.js'
import { sumOf } from '../../values/number.js'
import { ghsToThs, toThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { askPools, isDown, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { toMining, modeOf } from './mode.js'
import { toFaults, toIdentity, toWebPools, type Web } from './parts.js'
import { toRpcBoards, toRpcFans } from './rpc_boards.js'
import { toWebBoards, toWebFans } from './web_boards.js'

/** The pages of the miner's own web interface. */
export const PAGES = {
  info: '/cgi-bin/get_system_info.cgi',
  config: '/cgi-bin/get_miner_conf.cgi',
  blink: '/cgi-bin/get_blink_status.cgi',
  stats: '/cgi-bin/stats.cgi',
  summary: '/cgi-bin/summary.cgi',
  pools: '/cgi-bin/pools.cgi',
} as const

/**
 * One poll of a stock Antminer. The web interface knows more, the newest firmware has nothing else;
 * the mining API answers for those whose pages are older or closed to us.
 */
export const read = async (session: Session): Promise<Reading> => {
  const page = async (path: string) => asObject((await session.get(path)) ?? undefined)
  const info = await page(PAGES.info)
  const stats = info && (await page(PAGES.stats))
  const web: Web = {
    info,
    config: info && (await page(PAGES.config)),
    blink: info && (await page(PAGES.blink)),
  }
  if (!stats) return readRpc(session, web)
  return fromWeb(web, stats, await page(PAGES.summary), await page(PAGES.pools))
}

const fromWeb = (
  web: Web,
  answer: JsonObject,
  summaryAnswer: JsonObject | null,
  pools: JsonObject | null
): Reading => {
  // Both lists are empty while the miner sleeps.
  const stats = rowOf(answer, 'STATS')
  const summary = rowOf(summaryAnswer, 'SUMMARY')
  const unit = textAt(stats, 'rate_unit') ?? 'GH'
  const hashrateThs = toThs(at(stats, 'rate_5s'), unit)
  const poolList = toWebPools(pools)
  const shares = (key: 'accepted' | 'rejected' | 'stale') =>
    sumOf((poolList ?? []).map((pool) => pool[key]))
  return {
    ...emptyReading(),
    ...toIdentity(web, rowOf(answer, 'INFO')),
    ...toMining(modeOf(web.config), hashrateThs),
    api_version: textAt(rowOf(answer, 'STATUS'), 'api_version'),
    hashrate_ths: hashrateThs,
    hashrate_avg_ths: toThs(at(stats, 'rate_avg'), unit),
    expected_hashrate_ths: toThs(at(stats, 'rate_ideal'), unit),
    uptime_s: countAt(stats, 'elapsed'),
    hashboards: toWebBoards(stats),
    fans: toWebFans(stats),
    pools: poolList,
    errors: toFaults(summary),
    shares_accepted: shares('accepted'),
    shares_rejected: shares('rejected'),
    shares_stale: shares('stale'),
    hardware_errors: countAt(summary, 'hw_all'),
    ...toPower(stats),
  }
}

const readRpc = async (session: Session, web: Web): Promise<Reading> => {
  const answer = await session.rpc('version')
  if (answer === null && isDown(session)) {
    return web.info ? { ...emptyReading(), ...toIdentity(web, null) } : emptyReading()
  }
  const version = rowOf(answer, 'VERSION')
  const summary = rowOf(await session.rpc('summary'), 'SUMMARY')
  const stats = await session.rpc('stats')
  return {
    ...emptyReading(),
    ...toIdentity(web, version ?? rowOf(stats, 'STATS')),
    ...toCounters(summary),
    ...fromStats(web, summary, mainStats(stats)),
    api_version: textAt(version, 'API'),
    pools: await askPools(session),
  }
}

const fromStats = (web: Web, summary: JsonObject | null, stats: JsonObject | null) => {
  const hashrateThs = ghsToThs(at(summary, 'GHS 5s')) ?? ghsToThs(at(stats, 'GHS 5s'))
  return {
    ...toMining(modeOf(web.config), hashrateThs),
    ...toPower(stats),
    hashrate_ths: hashrateThs,
    hashrate_avg_ths: ghsToThs(at(summary, 'GHS av')) ?? ghsToThs(at(stats, 'GHS av')),
    expected_hashrate_ths: toThs(
      at(stats, 'total_rateideal') ?? at(stats, 'rate_ideal'),
      textAt(stats, 'rate_unit') ?? 'GH'
    ),
    // Newer firmware answers on 4028 as its pages do.
    hashboards: toWebBoards(stats) ?? toRpcBoards(stats),
    fans: toWebFans(stats) ?? toRpcFans(stats),
  } satisfies Partial<Reading>
}

/** The first object names the software, the second one has the values. */
const mainStats = (answer: JsonObject | null): JsonObject | null => {
  const rows = rowsOf(answer, 'STATS') ?? []
  return rows[1] ?? rows[0] ?? null
}

/** Mostly absent. */
const toPower = (stats: JsonObject | null): Pick<Reading, 'wattage_w' | 'wattage_source'> => {
  const watts = amountAt(stats, 'chain_power', 'power', 'watt')
  return { wattage_w: watts, wattage_source: watts === null ? null : 'estimate' }
}
