/** How a WhatsMiner speaks: by the date in its firmware version. */
export type Generation = 'V1' | 'V2' | 'V3'

const V2_FROM = 20220729
const V3_FROM = 20241100

/** "20230803.11.REL", sometimes in single quotes; null without a date. */
export const toGeneration = (firmwareVersion: unknown): Generation | null => {
  if (typeof firmwareVersion !== 'string') return null
  const date = Number(/^\W*(\d{8})\b/.exec(firmwareVersion)?.[1])
  if (!Number.isFinite(date)) return null
  if (date < V2_FROM) return 'V1'
  return date < V3_FROM ? 'V2' : 'V3'
}
