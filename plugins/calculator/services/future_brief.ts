import vine from '@vinejs/vine'
import { projectionAnswer } from '../schemas_projection.js'
import type { ProjectionAnswer } from './project_miner.js'

const KEPT = [
  'startDate',
  'days',
  'totals',
  'capexCents',
  'resaleCents',
  'returns',
  'breakEven',
  'sources',
  'assumptions',
] as const

/** What is kept of a projection: its returns, totals and inputs, without the months. */
export type FutureBrief = Pick<ProjectionAnswer, (typeof KEPT)[number]>

const pick = (from: object) =>
  Object.fromEntries(KEPT.map((name) => [name, (from as Record<string, unknown>)[name]]))

export const briefOf = (future: ProjectionAnswer) => pick(future) as unknown as FutureBrief

/** The same as the API promises it. */
export const futureBrief = () =>
  vine.object(pick(projectionAnswer.clone().getProperties()) as never).nullable()

const IS_WHOLE = /(Cents|^sats)$/

/** Whole numbers of a kept answer are text in JSON; here they are `bigint` again. */
export function withWholeNumbers(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return IS_WHOLE.test(name) ? BigInt(value) : value
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => withWholeNumbers(item))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withWholeNumbers(item, key)])
  )
}
