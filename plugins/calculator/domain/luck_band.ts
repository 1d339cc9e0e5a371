import { checkInteger, checkPositive, checkProbability } from '#core/maths/check'
import { gammaQuantile } from '#core/maths/gamma_quantile'
import { poissonAtLeast, poissonCdf } from '#core/maths/poisson_quantile'

export interface LuckBandInput {
  blocksFound: number
  blocksExpected: number
  /** 0.95 for a 95 % band. */
  confidence: number
}

export interface LuckBand {
  /** Found over expected: above 1 is good luck. */
  luck: number
  /** Band of the true mean number of blocks. */
  rateCi: [low: number, high: number]
  /** The same over the expected number: when it holds 1, luck explains the result. */
  luckCi: [low: number, high: number]
  /** Probability of so few blocks, or fewer, by chance. */
  pAtMost: number
  /** Probability of so many blocks, or more, by chance. */
  pAtLeast: number
}

/**
 * Exact two-sided band (Garwood 1936) of the rate behind a number of found blocks: gamma quantiles
 * of shape k below and k + 1 above. Throws CalculationError.
 */
export function luckBand({ blocksFound, blocksExpected, confidence }: LuckBandInput): LuckBand {
  checkInteger(blocksFound, 'blocksFound')
  checkPositive(blocksExpected, 'blocksExpected')
  checkProbability(confidence, 'confidence')
  const tail = (1 - confidence) / 2
  const low = blocksFound === 0 ? 0 : gammaQuantile(tail, blocksFound)
  const high = gammaQuantile(1 - tail, blocksFound + 1)
  return {
    luck: blocksFound / blocksExpected,
    rateCi: [low, high],
    luckCi: [low / blocksExpected, high / blocksExpected],
    pAtMost: poissonCdf(blocksFound, blocksExpected),
    pAtLeast: poissonAtLeast(blocksFound, blocksExpected),
  }
}
