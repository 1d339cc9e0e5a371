import type { MinerState } from '../../../protocol/record.js'
import { toAntminerModel } from '../../values/text.js'

const MAKES: [RegExp, string][] = [
  [/antminer/i, 'Antminer'],
  [/whatsminer/i, 'WhatsMiner'],
  [/avalon/i, 'Avalon'],
  [/braiins|\bbmm\b/i, 'Braiins'],
]

/** Maker and model of the hardware that a third-party firmware runs on. */
export const toHardware = (name: string | null) => ({
  make: MAKES.find(([mark]) => name !== null && mark.test(name))?.[1] ?? null,
  // "Bitmain Antminer S19 XP" is how GraphQL writes it.
  model: toAntminerModel(name?.replace(/^bitmain\s+/i, '')),
  model_raw: name,
})

/** Addresses without a scheme are stratum over TCP. */
export const withScheme = (url: string | null): string | null =>
  url === null || /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `stratum+tcp://${url}`

/** A state from a firmware that only says whether it is meant to hash. */
export const toState = (isMining: boolean | null, ths: number | null): MinerState => {
  if (isMining === false) return 'paused'
  return ths !== null && ths > 0 ? 'mining' : 'unknown'
}
