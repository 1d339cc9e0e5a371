import { emptyPool, type MinerFault, type Pool, type Reading } from '../../../protocol/record.js'
import { at, countAt, flagAt, rowsOf, textAt } from '../../values/json.js'
import { toAntminerModel, toMac, toPoolUrl } from '../../values/text.js'
import type { JsonObject } from '../../wire/contract.js'
import { slotAt, toAlive } from '../cgminer_answers.js'

/** What the pages of the miner say about it. */
export interface Web {
  /** get_system_info.cgi */
  info: JsonObject | null
  /** get_miner_conf.cgi */
  config: JsonObject | null
  /** get_blink_status.cgi */
  blink: JsonObject | null
}

/** Name, address and versions; the mining process knows its model better than the system. */
export const toIdentity = (web: Web, version: JsonObject | null) => {
  const model = textAt(version, 'Type', 'type') ?? textAt(web.info, 'minertype')
  return {
    make: 'Antminer',
    model: toAntminerModel(model),
    model_raw: model,
    firmware_family: 'stock',
    firmware_version:
      textAt(web.info, 'system_filesystem_version') ?? textAt(version, 'CompileTime'),
    mac: toMac(at(web.info, 'macaddr')),
    hostname: textAt(web.info, 'hostname'),
    serial_number: textAt(web.info, 'serinum', 'serial_no'),
    fault_light: flagAt(web.blink, 'blink'),
  } satisfies Partial<Reading>
}

/** pools.cgi; it does not say which pool gets the work. */
export const toWebPools = (answer: JsonObject | null): Pool[] | null =>
  rowsOf(answer, 'POOLS')
    ?.slice(0, 64)
    .map((row, position) => ({
      ...emptyPool(slotAt(row, 'index') ?? position),
      url: toPoolUrl(textAt(row, 'url')),
      user: textAt(row, 'user'),
      priority: countAt(row, 'priority'),
      alive: toAlive(textAt(row, 'status')),
      accepted: countAt(row, 'accepted'),
      rejected: countAt(row, 'rejected'),
      stale: countAt(row, 'stale'),
    })) ?? null

const SEVERITIES: Record<string, MinerFault['severity']> = { e: 'error', w: 'warning' }

/** summary.cgi has a light for each part: s is fine, w and e are not. */
export const toFaults = (summary: JsonObject | null): MinerFault[] | null =>
  rowsOf(summary, 'status')?.slice(0, 50).flatMap(toFault) ?? null

const toFault = (row: JsonObject): MinerFault[] => {
  const letter = textAt(row, 'status')?.toLowerCase() ?? ''
  const severity = Object.hasOwn(SEVERITIES, letter) ? SEVERITIES[letter] : undefined
  if (severity === undefined) return []
  const component = textAt(row, 'type')
  const code = textAt(row, 'code') ?? component ?? 'unknown'
  return [{ code: code.slice(0, 120), message: textAt(row, 'msg'), severity, component, at: null }]
}
