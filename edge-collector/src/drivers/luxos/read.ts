import { emptyReading, type Reading } from '../../../protocol/record.js'
import { amountAt, at, flagAt, rowOf, rowsOf, textAt } from '../../values/json.js'
import { toAntminerModel, toMac } from '../../values/text.js'
import { ghsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { askPools, isDown, slotAt, toCounters } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { joining } from '../joined.js'
import { boardIds, toBoards } from './boards.js'
import { toFaults } from './faults.js'
import { toState } from './state.js'

const MOST_VOLTAGES = 8
/** Luxor's API joins whatever has no parameter. */
const COMMANDS = [
  'version',
  'summary',
  'stats',
  'config',
  'devs',
  'events',
  'power',
  'profiles',
  'pools',
  'fans',
  'temps',
]

/** One poll of LuxOS: the cgminer API with additions. */
export const read = async (plain: Session): Promise<Reading> => {
  const session = await joining(plain, COMMANDS)
  const version = await session.rpc('version')
  if (version === null && isDown(session)) return emptyReading()
  const summary = rowOf(await session.rpc('summary'), 'SUMMARY')
  const stats = await session.rpc('stats')
  const config = rowOf(await session.rpc('config'), 'CONFIG')
  const devs = await session.rpc('devs')
  const events = await session.rpc('events')
  return {
    ...toIdentity(rowOf(version, 'VERSION'), config),
    ...toCounters(summary),
    ...toHashrates(summary, stats, config),
    ...toState({ config, summary, devs, events }),
    ...toPower(
      rowOf(await session.rpc('power'), 'POWER'),
      rowsOf(await session.rpc('profiles'), 'PROFILES'),
      config
    ),
    pools: await askPools(session),
    fans: toFans(await session.rpc('fans')),
    errors: toFaults(events),
    hashboards: toBoards({
      devs,
      stats,
      temps: await session.rpc('temps'),
      voltages: await askVoltages(session, boardIds(devs)),
    }),
  }
}

const askVoltages = async (session: Session, ids: readonly number[]) => {
  const voltages = new Map<number, JsonObject | null>()
  for (const id of ids.slice(0, MOST_VOLTAGES)) {
    voltages.set(id, await session.rpc('voltageget', String(id)))
  }
  return voltages
}

const toIdentity = (version: JsonObject | null, config: JsonObject | null): Reading => {
  const model = textAt(version, 'Type') ?? textAt(config, 'Model')
  return {
    ...emptyReading(),
    make: model === null || /antminer/i.test(model) ? 'Antminer' : null,
    model: toAntminerModel(model),
    model_raw: model,
    firmware_family: 'luxos',
    firmware_version: textAt(version, 'Miner', 'LUXminer'),
    api_version: textAt(version, 'API'),
    mac: toMac(at(config, 'MACAddr')),
    hostname: textAt(config, 'Hostname'),
    control_board: textAt(config, 'ControlBoardType'),
    serial_number: textAt(config, 'SerialNumber'),
    fault_light: toLight(textAt(config, 'RedLed')),
  }
}

/** `stats` has the sum of what the boards should do; its "total rate" is a mean per board. */
const toHashrates = (
  summary: JsonObject | null,
  stats: JsonObject | null,
  config: JsonObject | null
) => ({
  hashrate_ths: ghsToThs(at(summary, 'GHS 5s')),
  hashrate_avg_ths: ghsToThs(at(summary, 'GHS av')),
  expected_hashrate_ths: ghsToThs(at(rowsOf(stats, 'STATS')?.[1] ?? null, 'total_rateideal')),
  nameplate_hashrate_ths: amountAt(config, 'NameplateTHS'),
})

/** The light blinks or is on when it helps to find the miner; "auto" is its own business. */
const toLight = (led: string | null): boolean | null =>
  led === null ? null : led !== 'auto' && led !== 'off'

const toPower = (
  power: JsonObject | null,
  profiles: JsonObject[] | null,
  config: JsonObject | null
) => {
  const name = textAt(config, 'Profile')
  const profile = profiles?.find((row) => textAt(row, 'Profile Name') === name) ?? null
  const watts = amountAt(power, 'Watts')
  const source = { true: 'wall', false: 'estimate', null: null } as const
  return {
    wattage_w: watts,
    wattage_source: watts === null ? null : source[`${flagAt(power, 'PSU')}`],
    wattage_limit_w: name === null ? null : amountAt(profile, 'Watts'),
    tuning_target: name === null ? null : ({ type: 'profile', value: name } as const),
  }
}

const toFans = (answer: JsonObject | null): Reading['fans'] =>
  rowsOf(answer, 'FANS')
    ?.slice(0, 32)
    .map((row, position) => ({
      slot: slotAt(row, 'ID') ?? position,
      rpm: amountAt(row, 'RPM'),
    }))
    .toSorted((a, b) => a.slot - b.slot) ?? null
