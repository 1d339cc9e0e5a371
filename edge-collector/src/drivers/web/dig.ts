import { asObject, at } from '../../values/json.js'
import { toNumber } from '../../values/number.js'
import { toThs } from '../../values/units.js'
import type { Json, JsonObject } from '../../wire/contract.js'

/** The object at the end of the keys, null when one of them is missing. */
export const dig = (value: Json | null | undefined, ...keys: string[]): JsonObject | null =>
  keys.reduce<JsonObject | null>(
    (object, key) => asObject(at(object, key)),
    asObject(value ?? undefined)
  )

/** A list as long as a miner can sensibly have; null when it is none. */
export const listOf = (value: Json | null | undefined, most = 64): Json[] | null =>
  Array.isArray(value) ? value.slice(0, most) : null

/** The objects of such a list. */
export const objectsOf = (value: Json | null | undefined, most = 64): JsonObject[] | null =>
  listOf(value, most)
    ?.map((row) => asObject(row))
    .filter((row) => row !== null) ?? null

/** GH/s in a TH/s field; null when there is no number. */
export const ghsAt = (object: JsonObject | null, ...keys: string[]): number | null =>
  rateAt(object, 'GH/s', keys)

/** The first key that holds a hashrate in that unit, in TH/s. */
export const rateAt = (
  object: JsonObject | null,
  unit: Json | undefined,
  keys: readonly string[]
): number | null => {
  for (const key of keys) {
    const ths = toThs(at(object, key), unit)
    if (ths !== null) return ths
  }
  return null
}

/** Revolutions a minute: "5340", 5340; null below zero and for what is no number. */
export const toRpm = (value: Json | undefined): number | null => {
  const rpm = toNumber(value)
  return rpm === null || rpm < 0 ? null : rpm
}
