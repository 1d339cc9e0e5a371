import { toNumber } from './number.js'

/** So many of the unit are 1 TH/s. */
const PER_THS: Record<string, number> = {
  H: 1e12,
  KH: 1e9,
  MH: 1e6,
  GH: 1e3,
  TH: 1,
  PH: 1e-3,
  EH: 1e-6,
}
/** The portal takes no more; a single machine does less than a thousandth of it. */
const MOST_THS = 1e6

/** A hashrate in TH/s; null without a number or with a unit that nobody knows. */
export const toThs = (value: unknown, unit: unknown): number | null => {
  const number = toNumber(value)
  const name = typeof unit === 'string' ? unit.trim().toUpperCase().replace(/\/?S$/, '') : ''
  if (number === null || number < 0 || !Object.hasOwn(PER_THS, name)) return null
  const ths = number / PER_THS[name]!
  return ths > MOST_THS ? null : ths
}

/** GH/s: Antminer, LuxOS, Avalon's GHS keys. */
export const ghsToThs = (value: unknown) => toThs(value, 'GH/s')

/** MH/s: WhatsMiner before V3, SealMiner, plain cgminer. */
export const mhsToThs = (value: unknown) => toThs(value, 'MH/s')
