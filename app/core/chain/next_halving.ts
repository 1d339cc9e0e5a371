import { checkInteger } from '#core/maths/check'
import { HALVING_INTERVAL_BLOCKS } from './subsidy_sats.js'

export interface NextHalving {
  /** First height that pays the halved subsidy. */
  nextHalvingHeight: number
  /** Blocks from `height` to that block; 210,000 on the halving block itself. */
  blocksLeft: number
}

/**
 * The first halving after the block at `height`.
 * Throws CalculationError for a height that is not a whole number >= 0.
 */
export function nextHalving(height: number): NextHalving {
  checkInteger(height, 'height')
  const blocksLeft = HALVING_INTERVAL_BLOCKS - (height % HALVING_INTERVAL_BLOCKS)
  return { nextHalvingHeight: height + blocksLeft, blocksLeft }
}
