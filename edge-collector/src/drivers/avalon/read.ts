import {
  emptyReading,
  POWER_MODES,
  type PowerMode,
  type Reading,
} from '../../../protocol/record.js'
import { at, countAt, rowOf, textAt } from '../../values/json.js'
import { toNumber, toWatts } from '../../values/number.js'
import { cleanText, toAvalonModel, toMac } from '../../values/text.js'
import { toCelsius } from '../../values/temperature.js'
import { ghsToThs, mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { askPools, isDown, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { joining } from '../joined.js'
import { isUnsupported } from '../session.js'
import { type AvalonStats, blockList, blockNumber, type Blocks, toStats } from './blocks.js'
import { toBoards, toFans } from './boards.js'
import { WORK_MODES } from './work_modes.js'

/** `PS[error, control V, hash V, A, W to the boards, set V, W from the wall]` */
const DC_WATTS = 4
const WALL_WATTS = 6

/** Of cgminer 4.11.1, which joins them. */
const COMMANDS = ['version', 'stats', 'devs', 'summary', 'pools']

/** One poll of an Avalon: cgminer's API, of which `stats` holds the machine in one long text. */
export const read = async (plain: Session): Promise<Reading> => {
  const session = await joining(plain, COMMANDS)
  const answer = await session.rpc('version')
  if (answer === null && isDown(session)) return emptyReading()
  const stats = await askStats(session)
  const blocks = stats?.blocks ?? new Map<string, string>()
  const device = rowOf(await session.rpc('devs'), 'DEVS')
  const summary = rowOf(await session.rpc('summary'), 'SUMMARY')
  const state = toState(blocks)
  return {
    ...emptyReading(),
    ...toIdentity(rowOf(answer, 'VERSION'), blocks),
    ...toCounters(summary),
    ...state,
    ...toHashrates(blocks, device),
    ...toPower(blocks),
    power_mode: toMode(blocks),
    uptime_s:
      countAt({ elapsed: stats?.elapsed ?? null }, 'elapsed') ?? countAt(summary, 'Elapsed'),
    temp_inlet_c: toCelsius(blockNumber(blocks, 'ITemp', 'Temp')),
    fans: stats ? toFans(blocks) : null,
    hashboards: toBoards(blocks, state.is_mining),
    pools: await askPools(session),
    fault_light: toLight(blocks),
  }
}

/** All that we know speak `stats`; smaller ones may have only the light form. */
const askStats = async (session: Session): Promise<AvalonStats | null> => {
  const stats = toStats(await session.rpc('stats'))
  if (stats) return stats
  const isKnown = !isUnsupported(session, 'stats') && isDown(session)
  return isKnown ? null : toStats(await session.rpc('litestats'))
}

const toIdentity = (version: JsonObject | null, blocks: Blocks) =>
  ({
    make: 'Avalon',
    model: toAvalonModel(textAt(version, 'PROD')),
    model_raw: textAt(version, 'PROD'),
    firmware_family: 'stock',
    firmware_version: textAt(version, 'LVERSION', 'VERSION'),
    api_version: textAt(version, 'API'),
    control_board: textAt(version, 'HWTYPE'),
    mac: toMac(at(version, 'MAC')),
    serial_number: textAt(version, 'DNA') ?? cleanText(blocks.get('DNA')),
  }) satisfies Partial<Reading>

/** Averages and "Alive" outlive a soft-off by hours; only this word does not. */
const toState = (blocks: Blocks): Pick<Reading, 'is_mining' | 'state'> => {
  const work = /work:\s*in\s+(\w+)/i.exec(blocks.get('SYSTEMSTATU') ?? '')?.[1]?.toLowerCase()
  if (work === 'work') return { is_mining: true, state: 'mining' }
  if (work === 'init') return { is_mining: true, state: 'starting' }
  if (work === 'idle') return { is_mining: false, state: 'paused' }
  return { is_mining: null, state: 'unknown' }
}

const toHashrates = (blocks: Blocks, device: JsonObject | null) => ({
  hashrate_ths: mhsToThs(at(device, 'MHS 1m')) ?? ghsToThs(blockNumber(blocks, 'GHSspd')),
  hashrate_avg_ths: mhsToThs(at(device, 'MHS av')) ?? ghsToThs(blockNumber(blocks, 'GHSavg')),
  expected_hashrate_ths: ghsToThs(blockNumber(blocks, 'GHSmm')),
})

const toPower = (blocks: Blocks) => {
  const supply = blockList(blocks, 'PS') ?? []
  const wall = toWatts(blockNumber(blocks, 'WALLPOWER') ?? supply[WALL_WATTS])
  const limit = toWatts(blockNumber(blocks, 'MPO'))
  return {
    wattage_w: wall,
    wattage_source: wall === null ? null : 'wall',
    wattage_dc_w: toWatts(supply[DC_WATTS]),
    wattage_limit_w: limit,
    tuning_target: limit === null ? null : { type: 'power', value: limit },
  } satisfies Partial<Reading>
}

const toMode = (blocks: Blocks): PowerMode | null => {
  const number = toNumber(blocks.get('WORKMODE'))
  return POWER_MODES.find((mode) => WORK_MODES[mode] === number) ?? null
}

const toLight = (blocks: Blocks): boolean | null => {
  const led = toNumber(blocks.get('Led'))
  return led === null ? null : led !== 0
}
