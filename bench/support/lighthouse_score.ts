/**
 * The performance score of Lighthouse 10 for phones, from its published weights and curves
 * (developer.chrome.com/docs/lighthouse/performance/performance-scoring): each metric lies on a
 * log-normal curve through 0.9 at `p10` and 0.5 at `median`.
 */
const CURVES = {
  fcpMs: { weight: 0.1, p10: 1800, median: 3000 },
  siMs: { weight: 0.1, p10: 3387, median: 5800 },
  lcpMs: { weight: 0.25, p10: 2500, median: 4000 },
  tbtMs: { weight: 0.3, p10: 200, median: 600 },
  cls: { weight: 0.25, p10: 0.1, median: 0.25 },
} as const

export type Metrics = Record<keyof typeof CURVES, number>

/** The argument at which the complementary error function is 1/5: where a score is 0.9. */
const INVERSE_ERFC_ONE_FIFTH = 0.9061938024368232

/** Abramowitz and Stegun 7.1.26, good to 1.5e-7. */
function erf(x: number) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const terms = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]
  const y = terms.reduce((sum, term) => (sum + term) * t, 0)
  return Math.sign(x) * (1 - y * Math.exp(-x * x))
}

/** 0..1 for one metric. */
export function scoreOf(name: keyof Metrics, value: number) {
  if (value <= 0) return 1
  const { p10, median } = CURVES[name]
  const distance = Math.log(value / median) / -Math.log(p10 / median)
  return (1 - erf(distance * INVERSE_ERFC_ONE_FIFTH)) / 2
}

/** 0..100 for all of them. */
export const performanceScore = (metrics: Metrics) =>
  Object.entries(CURVES).reduce(
    (sum, [name, { weight }]) =>
      sum + 100 * weight * scoreOf(name as keyof Metrics, metrics[name as keyof Metrics]),
    0
  )
