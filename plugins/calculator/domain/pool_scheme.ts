/**
 * How a pool pays. `pps`: the subsidy per share. `fpps`: subsidy and mean fees per share.
 * `pps_plus`: the subsidy per share, the fees of the blocks that the pool really finds. `pplns` and
 * `solo`: subsidy and fees of the blocks really found.
 */
export const POOL_SCHEMES = ['fpps', 'pps', 'pps_plus', 'pplns', 'solo'] as const
export type PoolScheme = (typeof POOL_SCHEMES)[number]

/** Fees per block that reach the miner in the mean: none under PPS. */
export const paidFeesSats = (scheme: PoolScheme, feesSatsPerBlock: number): number =>
  scheme === 'pps' ? 0 : feesSatsPerBlock

/** Whether the pay of a day hangs on blocks that were really found. */
export const hasVariance = (scheme: PoolScheme): boolean => scheme !== 'fpps' && scheme !== 'pps'

/** Whether that luck is the pool's, so that its size matters. */
export const needsPoolShare = (scheme: PoolScheme): boolean =>
  scheme === 'pplns' || scheme === 'pps_plus'
