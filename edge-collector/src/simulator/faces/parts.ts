import type { Moment } from '../contract.js'

/**
 * What the firmware says of a field of the moment; nothing where a fault makes it leave it out, as
 * JSON drops what is undefined.
 */
export const told = <T>({ missing }: Moment, field: keyof Moment, value: T): T | undefined =>
  missing.has(field) ? undefined : value

/** The mining process is there and wants to hash. */
export const isRunning = ({ phase }: Moment): boolean => phase === 'mining' || phase === 'starting'

/** "2026-01-31 04:05:06". */
export const localTime = (at: number): string =>
  new Date(at).toISOString().slice(0, 19).replace('T', ' ')

/** 0 of nothing. */
export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

export const aliveBoards = ({ boards }: Moment) => boards.filter(({ isAlive }) => isAlive)

/** The coldest chip, °C; 0 without a board. */
export const coldestC = (moment: Moment): number => {
  const chips = aliveBoards(moment).map(({ chipMinC }) => chipMinC)
  return chips.length === 0 ? 0 : Math.min(...chips)
}

/** The hottest one. */
export const hottestC = (moment: Moment): number =>
  Math.max(0, ...aliveBoards(moment).map(({ chipMaxC }) => chipMaxC))

export const objectIn = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

export const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The text under a key of a request; empty where there is none. */
export const textIn = (body: unknown, key: string): string => {
  const value = objectIn(body)[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** A positive number of a request, which may come as text; null for anything else. */
export const amountIn = (value: unknown): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null
}
