import { checkNonNegative } from '#core/maths/check'

/** Fees per block in the future: so many satoshis, or a share of the subsidy that halves with it. */
export type FeeRule =
  { kind: 'constant'; satsPerBlock: number } | { kind: 'share'; pctOfSubsidy: number }

/** Fees in satoshis of a block that pays `subsidySats`. */
export const feesOf = (rule: FeeRule, subsidySats: number): number =>
  rule.kind === 'constant' ? rule.satsPerBlock : subsidySats * (rule.pctOfSubsidy / 100)

/** Throws CalculationError naming the field of the question. */
export function checkFees(rule: FeeRule): void {
  if (rule.kind === 'constant') checkNonNegative(rule.satsPerBlock, 'feesSatsPerBlock')
  else checkNonNegative(rule.pctOfSubsidy, 'feesPctOfSubsidy')
}
