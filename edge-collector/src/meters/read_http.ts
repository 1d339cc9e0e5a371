import { METER_MAPS } from '../../protocol/meter_maps.js'
import type { HttpReads, MeterConfig } from '../../protocol/meters.js'
import { asObject, at } from '../values/json.js'
import { DEFAULT_PORTS, type JsonObject, WireError } from '../wire/contract.js'
import { httpAsk } from '../wire/http.js'
import { parseJson } from '../wire/json_repair.js'
import { type Decimal, decimalOf, plus } from './decimal.js'
import { type Decoded, inUnits } from './decode.js'
import { Findings, type MeterReading } from './findings.js'

type Place = Pick<MeterConfig, 'ip' | 'port' | 'ctRatio' | 'ptRatio'>

/** How patiently it is asked; the whole answer must have come by then. */
export interface HttpPatience {
  connectMs?: number
  answerMs?: number
}

/** It answers, but not with what was asked for. */
class NoValues extends Error {}

/**
 * A GET can switch a cooling container off, so that this collector asks for no other page than
 * those of its own maps, whatever it is told.
 */
const PAGES: ReadonlySet<string> = new Set(METER_MAPS.flatMap(({ http }) => http?.path ?? []))
/** What a network does; the rest is the device's. */
const SILENCE: ReadonlySet<string> = new Set(['timeout', 'refused', 'reset'])

/** Reads a device that answers one GET with one JSON object. Throws nothing for a device. */
export async function readHttp(
  place: Place,
  http: HttpReads,
  patience: HttpPatience = {}
): Promise<MeterReading> {
  const findings = new Findings({ http })
  for (const { field } of http.fields) findings.expect(field)
  try {
    const said = await answerOf(place, http, patience)
    for (const one of http.fields) findings.take(one.field, valueOf(said, one, place))
    hear(said, http.alarms, findings)
    return findings.reading(false)
  } catch (error) {
    if (!(error instanceof WireError || error instanceof NoValues)) throw error
    findings.missAlarms()
    findings.troubled(`${http.path}: ${error.message}`)
    return findings.reading(error instanceof WireError && SILENCE.has(error.kind))
  }
}

/** The object with the values of such a page; null: there is none. */
export async function pageOf(
  place: Pick<Place, 'ip' | 'port'>,
  http: HttpReads,
  patience: HttpPatience = {}
): Promise<JsonObject | null> {
  try {
    return await answerOf(place, http, patience)
  } catch (error) {
    if (error instanceof WireError || error instanceof NoValues) return null
    throw error
  }
}

/** The object with the values. Throws WireError or NoValues. */
async function answerOf(
  { ip, port }: Pick<Place, 'ip' | 'port'>,
  { path, within }: HttpReads,
  { connectMs = 3000, answerMs = 5000 }: HttpPatience
): Promise<JsonObject> {
  if (!PAGES.has(path)) throw new NoValues('no map of this version asks for this page')
  const target = { ip, ports: { ...DEFAULT_PORTS, http: port }, connectMs }
  const { status, text } = await httpAsk(target, { path, deadlineMs: answerMs })
  if (status < 200 || status > 299) throw new NoValues(`HTTP ${status}`)
  const parsed = parseJson(text)
  // A repair may make up what was not said: good for a name of a miner, not for a pressure.
  if (parsed.kind !== 'ok' || parsed.isRepaired) throw new NoValues('no JSON')
  const answer = asObject(parsed.value)
  if (at(answer, 'ok') === false) throw new NoValues('the device says ok: false')
  const values = asObject(at(answer, within))
  if (!values) throw new NoValues(`no object "${within}" in the answer`)
  return values
}

function valueOf(
  said: JsonObject,
  { field, keys, scale }: HttpReads['fields'][number],
  ratios: Place
): Decoded {
  let sum: Decimal = { digits: 0n, places: 0 }
  for (const key of keys) {
    const value = at(said, key)
    if (value === null) return { value: null }
    const count = typeof value === 'boolean' ? Number(value) : value
    if (typeof count !== 'number' || !Number.isFinite(count)) {
      return { trouble: `${field}: ${key} is no number` }
    }
    sum = plus(sum, decimalOf(count))
  }
  if (field === 'pump_running' && sum.digits > 1n) sum = { digits: 1n, places: 0 }
  return inUnits(sum, { field, scale }, ratios)
}

function hear(said: JsonObject, keys: readonly string[], findings: Findings): void {
  for (const key of keys) {
    const value = at(said, key)
    if (typeof value === 'boolean' || value === 0 || value === 1) {
      findings.alarm(key.toLowerCase(), Boolean(value))
      continue
    }
    findings.missAlarms()
    findings.troubled(`${key} is no flag`)
  }
}
