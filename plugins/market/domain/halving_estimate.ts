import { nextHalving } from '#core/chain/next_halving'
import { HALVING_INTERVAL_BLOCKS } from '#core/chain/subsidy_sats'
import { GENESIS_AT, PAST_HALVINGS } from './halvings.js'

/** Seconds between blocks that the difficulty aims at. */
const AIMED_S = 600

export interface DateBand {
  estimate: Date
  earliest: Date
  latest: Date
}

/** Mean seconds between blocks of each finished era, oldest first. */
export function eraIntervalsS(): number[] {
  const times = [GENESIS_AT, ...PAST_HALVINGS.map(({ at }) => at)]
  return times
    .slice(1)
    .map((at, index) => (at.getTime() - times[index]!.getTime()) / 1000 / HALVING_INTERVAL_BLOCKS)
}

/** Mean seconds between blocks since the last halving that is known, or null before its next block. */
export function intervalSinceHalvingS(height: number, at: Date): number | null {
  const last = PAST_HALVINGS.filter((halving) => halving.height < height).at(-1)
  if (!last || at <= last.at) return null
  return (at.getTime() - last.at.getTime()) / 1000 / (height - last.height)
}

/**
 * When `blocks` more blocks will have come after the block at `height`, seen at `at`. The estimate
 * goes on at the mean pace since the last halving; the band reaches from the pace of the fastest era
 * so far to the 600 s that the difficulty aims at (no era was slower), widened to hold the estimate.
 */
export function dateAfter(blocks: number, height: number, at: Date): DateBand {
  const fastest = Math.min(...eraIntervalsS())
  const paceS = intervalSinceHalvingS(height, at) ?? AIMED_S
  const after = (intervalS: number) => new Date(at.getTime() + blocks * intervalS * 1000)
  return {
    estimate: after(paceS),
    earliest: after(Math.min(fastest, paceS)),
    latest: after(Math.max(AIMED_S, paceS)),
  }
}

export interface HalvingCountdown extends DateBand {
  height: number
  blocksLeft: number
  eraProgressPct: number
}

/** The next halving as seen from the block at `height`. */
export function halvingCountdown(height: number, at: Date): HalvingCountdown {
  const { nextHalvingHeight, blocksLeft } = nextHalving(height)
  return {
    height: nextHalvingHeight,
    blocksLeft,
    eraProgressPct: (1 - blocksLeft / HALVING_INTERVAL_BLOCKS) * 100,
    ...dateAfter(blocksLeft, height, at),
  }
}
