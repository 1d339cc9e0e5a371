import { checkNonNegative, checkPositive, checkWithin } from '#core/maths/check'
import { blocksPerDay } from '#core/chain/sats_per_day'

export interface FppsInput {
  hashrateThs: number
  difficulty: number
  subsidySats: number
  /** Pools take a mean over recent blocks, often the last 144. */
  avgFeesSatsPerBlock: number
  poolFeePct: number
}

export interface FppsResult {
  expectedBlocksPerDay: number
  /** Pay per share: the subsidy only, after the pool fee. */
  ppsSatsPerDay: number
  /** Full pay per share: subsidy and mean fees, after the pool fee. */
  fppsSatsPerDay: number
  /** What FPPS pays on top of PPS; null when there is no subsidy to compare with. */
  feeUpliftPct: number | null
}

/**
 * Daily pay under PPS and FPPS: expected blocks times the reward, whatever the pool really finds.
 * Throws CalculationError.
 */
export function fpps(input: FppsInput): FppsResult {
  const { hashrateThs, difficulty, subsidySats, avgFeesSatsPerBlock, poolFeePct } = input
  checkNonNegative(hashrateThs, 'hashrateThs')
  checkPositive(difficulty, 'difficulty')
  checkNonNegative(subsidySats, 'subsidySats')
  checkNonNegative(avgFeesSatsPerBlock, 'avgFeesSatsPerBlock')
  checkWithin(poolFeePct, 'poolFeePct', [0, 100])
  const expectedBlocksPerDay = blocksPerDay(hashrateThs, difficulty)
  const keptBlocks = expectedBlocksPerDay * (1 - poolFeePct / 100)
  return {
    expectedBlocksPerDay,
    ppsSatsPerDay: keptBlocks * subsidySats,
    fppsSatsPerDay: keptBlocks * (subsidySats + avgFeesSatsPerBlock),
    feeUpliftPct: subsidySats > 0 ? (avgFeesSatsPerBlock / subsidySats) * 100 : null,
  }
}
