import { HALVING_INTERVAL_BLOCKS, subsidySats } from '#core/chain/subsidy_sats'
import { supplySats } from '#core/chain/supply_sats'

export interface Halving {
  /** First block that pays the halved subsidy. */
  height: number
  at: Date
}

/**
 * Halvings that have happened, by the time in the header of their block. Facts of the chain; each
 * lies between the first blocks of the epochs around it (tested against real headers).
 */
export const PAST_HALVINGS: readonly Halving[] = [
  { height: 210_000, at: new Date('2012-11-28T15:24:38Z') },
  { height: 420_000, at: new Date('2016-07-09T16:46:13Z') },
  { height: 630_000, at: new Date('2020-05-11T19:23:43Z') },
  { height: 840_000, at: new Date('2024-04-20T00:09:27Z') },
]

/** Header time of block 0. */
export const GENESIS_AT = new Date('2009-01-03T18:15:05Z')

/** The last one of the list. */
export const lastHalving = () => PAST_HALVINGS.at(-1)!

/**
 * No era was shorter than 1,319 days (2012 to 2016). So long after the last halving that we know,
 * and this much on the safe side, its subsidy certainly still holds.
 */
const SURE_ERA_MS = 1200 * 86_400_000

/**
 * Subsidy per block at a moment: by the height that is known for it, else by the dates of the
 * halvings. Null when neither can tell (before the first block, or long after the last known halving).
 */
export function subsidyAt(at: Date, height: number | null): bigint | null {
  if (height !== null) return subsidySats(height)
  const time = at.getTime()
  if (time < GENESIS_AT.getTime() - 86_400_000) return null
  if (time > lastHalving().at.getTime() + SURE_ERA_MS) return null
  const passed = PAST_HALVINGS.filter((halving) => halving.at.getTime() <= time)
  return subsidySats(passed.at(-1)?.height ?? 0)
}

export interface SubsidyEra {
  /** 0 is the first era. */
  era: number
  firstHeight: number
  subsidySats: bigint
  /** What exists when the era ends, in satoshis. */
  supplyAtEndSats: bigint
  /** When it began, as a fact; null for eras to come. */
  beganAt: Date | null
}

/** The first `count` eras of the subsidy. */
export function subsidySchedule(count: number): SubsidyEra[] {
  return Array.from({ length: count }, (_, era) => {
    const firstHeight = era * HALVING_INTERVAL_BLOCKS
    return {
      era,
      firstHeight,
      subsidySats: subsidySats(firstHeight),
      supplyAtEndSats: supplySats(firstHeight + HALVING_INTERVAL_BLOCKS - 1),
      beganAt:
        era === 0
          ? GENESIS_AT
          : (PAST_HALVINGS.find(({ height }) => height === firstHeight)?.at ?? null),
    }
  })
}
