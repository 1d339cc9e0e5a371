import { checkInteger, checkPositive, checkProbability } from '#core/maths/check'
import { gammaQuantile } from '#core/maths/gamma_quantile'

const BLOCK_INTERVAL_S = 600

export interface EpochPaceBandInput {
  intervalsElapsed: number
  elapsedS: number
  confidence: number
}

export interface EpochPaceBand {
  pointChangePct: number
  /** Not clamped to the -75 .. +300 % of consensus. */
  changePctCi: [low: number, high: number]
  /** One over the square root of the intervals: how far chance alone moves the pace. */
  relSd: number
}

/**
 * How sure the projected change of the difficulty is: n block intervals over their mean are
 * chi-square with 2n degrees of freedom over 2n. Throws CalculationError.
 */
export function epochPaceBand(input: EpochPaceBandInput): EpochPaceBand {
  const { intervalsElapsed, elapsedS, confidence } = input
  checkInteger(intervalsElapsed, 'intervalsElapsed', 1)
  checkPositive(elapsedS, 'elapsedS')
  checkProbability(confidence, 'confidence')
  const tail = (1 - confidence) / 2
  const changePct = (blocks: number) => ((BLOCK_INTERVAL_S * blocks) / elapsedS - 1) * 100
  return {
    pointChangePct: changePct(intervalsElapsed),
    changePctCi: [
      changePct(gammaQuantile(tail, intervalsElapsed)),
      changePct(gammaQuantile(1 - tail, intervalsElapsed)),
    ],
    relSd: 1 / Math.sqrt(intervalsElapsed),
  }
}
