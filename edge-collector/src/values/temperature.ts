import type { Json } from '../wire/contract.js'
import { maxOf, meanOf, toNumber } from './number.js'

/** 0, 255 and -1 are what missing sensors read; fluids below zero exist, -273 does not. */
const PLACEHOLDERS = [0, -1, 255]
const COLDEST_C = -60
const HOTTEST_C = 250

/** A temperature in °C, null for what a missing sensor reads. */
export const toCelsius = (value: unknown): number | null => {
  const celsius = toNumber(value)
  if (celsius === null || PLACEHOLDERS.includes(celsius)) return null
  return celsius < COLDEST_C || celsius > HOTTEST_C ? null : celsius
}

/** Several sensors of a board as one pair of °C; null without any sensor. */
export interface Sensors {
  max: number | null
  avg: number | null
}

/** Antminer's "45-45-60-60", or the list that newer firmware sends. */
export const toSensors = (value: Json | undefined): Sensors => {
  const parts = typeof value === 'string' ? value.slice(0, 400).split('-') : value
  const readings = (Array.isArray(parts) ? parts : [parts]).slice(0, 100).map(toCelsius)
  return { max: maxOf(readings), avg: meanOf(readings) }
}
