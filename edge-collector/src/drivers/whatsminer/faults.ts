import type { MinerFault } from '../../../protocol/record.js'
import { asList, asObject, at, countAt, textAt } from '../../values/json.js'
import { cleanText } from '../../values/text.js'
import type { Json, JsonObject } from '../../wire/contract.js'

const MOST_FAULTS = 50
const REASON = 'reason'

/** The part of the machine that a code speaks of: its first digit, of 2xxx the pool. */
const COMPONENTS: Record<string, string> = {
  1: 'fan',
  2: 'power_supply',
  3: 'temperature',
  4: 'eeprom',
  5: 'hashboard',
  6: 'environment',
  8: 'control_board',
  9: 'power_supply',
}
const POOL = /^2\d{3}$/

const componentOf = (code: string): string | null =>
  POOL.test(code) ? 'pool' : (COMPONENTS[code.slice(0, 1)] ?? null)

/** The miner's clock is local, in a zone that it does not tell. */
const toLocalTime = (value: Json | undefined): string | null =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)
    ? value.replace(' ', 'T')
    : null

const toFault = (code: string, time: string | null, message: string | null): MinerFault => ({
  code: code.slice(0, 120),
  message,
  severity: 'error',
  component: componentOf(code),
  at: time,
})

/** A list of `{code: time}`, of V3 with a reason; one firmware sends a single object. */
export const toFaults = (codes: Json | undefined): MinerFault[] | null => {
  const entries = asList(codes) ?? (asObject(codes) ? [asObject(codes)!] : null)
  return entries?.slice(0, MOST_FAULTS).flatMap(toEntryFaults) ?? null
}

const toEntryFaults = (entry: Json): MinerFault[] => {
  const object = asObject(entry)
  if (!object) return cleanText(entry) === null ? [] : [toFault(cleanText(entry)!, null, null)]
  const message = textAt(object, REASON)
  return Object.entries(object)
    .filter(([code]) => code !== REASON)
    .slice(0, MOST_FAULTS)
    .flatMap(([code, time]) => {
      const clean = cleanText(code)
      return clean === null ? [] : [toFault(clean, toLocalTime(time), message)]
    })
}

/** V1 counts its codes in the summary: "Error Code Count", "Error Code 0" and on. */
export const toCountedFaults = (summary: JsonObject | null): MinerFault[] | null => {
  const count = countAt(summary, 'Error Code Count')
  if (count === null) return null
  return Array.from({ length: Math.min(count, MOST_FAULTS) }, (_, index) =>
    cleanText(at(summary, `Error Code ${index}`))
  ).flatMap((code) => (code === null ? [] : [toFault(code, null, null)]))
}
