import { emptyReading, type Reading } from '../../../protocol/record.js'
import { amountAt, at, countAt, flagAt, textAt } from '../../values/json.js'
import { sumOf } from '../../values/number.js'
import { toMac } from '../../values/text.js'
import { mhsToThs } from '../../values/units.js'
import type { Json, JsonObject } from '../../wire/contract.js'
import { isDown } from '../cgminer_answers.js'
import type { Session } from '../contract.js'
import { dig } from '../web/dig.js'
import { toHardware } from '../web/names.js'
import { toBoards } from './boards.js'
import { toFans, toFaults, toPools, toTarget, toVerdict } from './parts.js'

/** A GET on the port where others speak the cgminer API. */
export const askEpic = (session: Session, path: string): Promise<Json | null> =>
  session.ask(`GET ${path}`, () => session.wire.json({ path, port: 'rpc' }))

export const read = async (session: Session): Promise<Reading> => {
  const base = { ...emptyReading(), firmware_family: 'epic' }
  const summary = dig(await askEpic(session, '/summary'))
  if (summary === null && isDown(session)) return base
  const capabilities = dig(await askEpic(session, '/capabilities'))
  const temps = await askEpic(session, '/temps')
  const rates = await askEpic(session, '/hashrate')
  const hashboards = toBoards({ summary, temps, rates, capabilities })
  const target = toTarget(summary)
  return {
    ...base,
    ...toIdentity(summary, capabilities),
    ...toVerdict(summary),
    ...toFigures(summary),
    mac: macOf(dig(await askEpic(session, '/network'))),
    expected_hashrate_ths: sumOf(hashboards?.map((board) => board.expected_hashrate_ths) ?? []),
    hashrate_ths: sumOf(hashboards?.map((board) => board.hashrate_ths) ?? []),
    hashboards,
    fans: toFans(summary),
    pools: toPools(summary),
    tuning_target: target,
    wattage_limit_w: target?.type === 'power' ? Number(target.value) : null,
    errors: toFaults(summary),
  }
}

const toIdentity = (summary: JsonObject | null, capabilities: JsonObject | null) => {
  const board = dig(capabilities, 'Control Board Version')
  return {
    ...toHardware(textAt(capabilities, 'Model')),
    hostname: textAt(summary, 'Hostname'),
    firmware_version: textAt(summary, 'Software'),
    serial_number: textAt(board, 'cpuSerial'),
    control_board: textAt(board, 'cpuHardware'),
    // In TH/s already.
    nameplate_hashrate_ths: amountAt(capabilities, 'Default Hashrate'),
  } satisfies Partial<Reading>
}

const toFigures = (summary: JsonObject | null) => {
  const session = dig(summary, 'Session')
  const watts = amountAt(dig(summary, 'Power Supply Stats'), 'Input Power')
  return {
    uptime_s: countAt(session, 'Uptime'),
    hashrate_avg_ths: mhsToThs(at(session, 'Average MHs')),
    shares_accepted: countAt(session, 'Accepted'),
    shares_rejected: countAt(session, 'Rejected'),
    wattage_w: watts,
    wattage_source: watts === null ? null : 'wall',
    fault_light: flagAt(dig(summary, 'Misc'), 'Locate Miner State'),
  } satisfies Partial<Reading>
}

/** Under "dhcp" or "static", whichever it uses. */
const macOf = (network: JsonObject | null): string | null => {
  for (const value of [network, ...Object.values(network ?? {})]) {
    const mac = toMac(at(dig(value), 'mac_address'))
    if (mac !== null) return mac
  }
  return null
}
