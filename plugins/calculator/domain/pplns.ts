import { CalculationError } from '#core/maths/calculation_error'
import { checkNonNegative, checkPositive, checkWithin } from '#core/maths/check'
import { poissonQuantile } from '#core/maths/poisson_quantile'
import { BLOCKS_PER_DAY } from '#core/chain/sats_per_day'

export interface PplnsInput {
  /** 0..1 of the network. */
  poolShareOfNetwork: number
  /** 0..1 of the pool. */
  myShareOfPool: number
  days: number
  rewardSats: number
}

export interface PplnsResult {
  expectedPoolBlocks: number
  meanSats: number
  sdSats: number
  /** Standard deviation over mean. */
  cv: number
  /** Probability that the pool finds nothing in the period. */
  pZeroBlocks: number
  blocksQ05: number
  blocksQ95: number
}

/**
 * Pay and its spread under PPLNS, before the pool fee: the pool's blocks are Poisson with mean
 * 144 * days * share of the network. Throws CalculationError.
 */
export function pplns(input: PplnsInput): PplnsResult {
  const { poolShareOfNetwork, myShareOfPool, days, rewardSats } = input
  checkWithin(poolShareOfNetwork, 'poolShareOfNetwork', [0, 1])
  if (poolShareOfNetwork === 0) throw new CalculationError('poolShareOfNetwork', 'must be above 0')
  checkWithin(myShareOfPool, 'myShareOfPool', [0, 1])
  checkPositive(days, 'days')
  checkNonNegative(rewardSats, 'rewardSats')
  const expectedPoolBlocks = BLOCKS_PER_DAY * days * poolShareOfNetwork
  const satsPerBlock = myShareOfPool * rewardSats
  return {
    expectedPoolBlocks,
    meanSats: expectedPoolBlocks * satsPerBlock,
    sdSats: Math.sqrt(expectedPoolBlocks) * satsPerBlock,
    cv: 1 / Math.sqrt(expectedPoolBlocks),
    pZeroBlocks: Math.exp(-expectedPoolBlocks),
    blocksQ05: poissonQuantile(0.05, expectedPoolBlocks),
    blocksQ95: poissonQuantile(0.95, expectedPoolBlocks),
  }
}
