import type { Json, JsonObject } from '../wire/contract.js'
import { toNumber } from './number.js'
import { cleanText } from './text.js'

const MOST_ROWS = 1000

/** The value as an object, null when it is something else. */
export const asObject = (value: Json | undefined): JsonObject | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null

/** The value as a list, null when it is something else. */
export const asList = (value: Json | undefined): Json[] | null =>
  Array.isArray(value) ? value : null

/** Own keys only: a miner must not reach what objects inherit. */
export const at = (object: JsonObject | null, key: string): Json | undefined =>
  object !== null && Object.hasOwn(object, key) ? object[key] : undefined

/** Firmware sends a single object, a list of one or a list of many under the same key. */
export const rowsOf = (answer: JsonObject | null, key: string): JsonObject[] | null => {
  const value = at(answer, key)
  const single = asObject(value)
  if (single) return [single]
  return (
    asList(value)
      ?.slice(0, MOST_ROWS)
      .map(asObject)
      .filter((row) => row !== null) ?? null
  )
}

/** The first object under the key. */
export const rowOf = (answer: JsonObject | null, key: string): JsonObject | null =>
  rowsOf(answer, key)?.[0] ?? null

/** The first key that holds a number, in the order given. */
export const numberAt = (object: JsonObject | null, ...keys: string[]): number | null => {
  for (const key of keys) {
    const number = toNumber(at(object, key))
    if (number !== null) return number
  }
  return null
}

/** A number of things: whole and not negative, else null. */
export const countAt = (object: JsonObject | null, ...keys: string[]): number | null => {
  const number = numberAt(object, ...keys)
  return number === null || number < 0 || number > Number.MAX_SAFE_INTEGER
    ? null
    : Math.round(number)
}

/** What cannot be below zero; firmware writes -1 for "unknown". */
export const amountAt = (object: JsonObject | null, ...keys: string[]): number | null => {
  const number = numberAt(object, ...keys)
  return number === null || number < 0 ? null : number
}

/** The first key that holds a text that is not empty. */
export const textAt = (object: JsonObject | null, ...keys: string[]): string | null => {
  for (const key of keys) {
    const text = cleanText(at(object, key))
    if (text !== null) return text
  }
  return null
}

const FLAGS: Record<string, boolean> = {
  true: true,
  1: true,
  yes: true,
  y: true,
  on: true,
  false: false,
  0: false,
  no: false,
  n: false,
  off: false,
}

/** Firmware writes true, "true", 1, "0", "on"; anything else is null. */
export const flagAt = (object: JsonObject | null, key: string): boolean | null => {
  const text = String(at(object, key) ?? '')
    .trim()
    .toLowerCase()
  return Object.hasOwn(FLAGS, text) ? FLAGS[text]! : null
}
