import { CalculationError } from '#core/maths/calculation_error'
import { BLOCKS_PER_DAY, blocksPerDay } from '#core/chain/sats_per_day'
import { checkWithin } from '#core/maths/check'
import { hasVariance, needsPoolShare, paidFeesSats, type PoolScheme } from './pool_scheme.js'
import { pplns } from './pplns.js'

const SPANS_DAYS = [1, 30, 365] as const

export interface VarianceQuestion {
  scheme: PoolScheme
  hashrateThs: number
  difficulty: number
  subsidySats: number
  feesSatsPerBlock: number
  poolFeePct: number
  /** The pool's share of the network in percent; null: unknown. Solo is a pool of one. */
  poolSharePct: number | null
}

/** Pay of a span after the pool fee, in satoshis, and between what it lies in 90 of 100 such spans. */
export interface VarianceBand {
  days: number
  expectedSats: number
  lowSats: number
  highSats: number
  /** Blocks that the pool (or the solo miner) is expected to find. */
  expectedBlocks: number
  /** 5 % and 95 % quantiles of the blocks found. */
  lowBlocks: number
  highBlocks: number
  /** Probability that not one is found. */
  noBlockProbability: number
}

/** `reason` is set exactly when there are no bands. */
export interface Variance {
  bands: VarianceBand[] | null
  reason: 'E_FIXED_PAY' | 'E_NO_POOL_SHARE' | 'E_NO_PRODUCTION' | null
}

/**
 * Luck of a day, a month and a year of 365 days under the conditions of one day. Blocks are
 * Poisson with mean 144 * days * share of the network; the pay per block is what `pplns` says.
 * Under `pps_plus` only the fees hang on them. Throws CalculationError when the pool would be
 * smaller than the miner.
 */
export function varianceBand(question: VarianceQuestion): Variance {
  const { scheme, hashrateThs, difficulty, poolSharePct } = question
  if (!hasVariance(scheme)) return { bands: null, reason: 'E_FIXED_PAY' }
  const myShare = blocksPerDay(hashrateThs, difficulty) / BLOCKS_PER_DAY
  if (myShare === 0) return { bands: null, reason: 'E_NO_PRODUCTION' }
  if (needsPoolShare(scheme) && poolSharePct === null) {
    return { bands: null, reason: 'E_NO_POOL_SHARE' }
  }
  const poolShare = scheme === 'solo' ? myShare : poolSharePct! / 100
  checkWithin(poolShare, 'poolSharePct', [0, 1])
  if (poolShare < myShare) {
    throw new CalculationError('poolSharePct', 'must be at least the share of the miner')
  }
  const shares = { poolShare, myShare }
  return { bands: SPANS_DAYS.map((days) => bandOf(question, shares, days)), reason: null }
}

interface Shares {
  poolShare: number
  myShare: number
}

function bandOf(question: VarianceQuestion, shares: Shares, days: number): VarianceBand {
  const { scheme, subsidySats, feesSatsPerBlock, poolFeePct } = question
  const isLucky = scheme !== 'pps_plus'
  const kept = 1 - poolFeePct / 100
  const luckySats = (isLucky ? subsidySats : 0) + paidFeesSats(scheme, feesSatsPerBlock)
  const certainSats = isLucky ? 0 : subsidySats * BLOCKS_PER_DAY * days * shares.myShare * kept
  const myShareOfPool = shares.myShare / shares.poolShare
  const luck = pplns({
    poolShareOfNetwork: shares.poolShare,
    myShareOfPool,
    days,
    rewardSats: luckySats * kept,
  })
  const paid = (blocks: number) => certainSats + blocks * myShareOfPool * luckySats * kept
  return {
    days,
    expectedSats: certainSats + luck.meanSats,
    lowSats: paid(luck.blocksQ05),
    highSats: paid(luck.blocksQ95),
    expectedBlocks: luck.expectedPoolBlocks,
    lowBlocks: luck.blocksQ05,
    highBlocks: luck.blocksQ95,
    noBlockProbability: luck.pZeroBlocks,
  }
}
