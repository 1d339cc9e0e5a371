/** The example of the handbook: 1,000 miners of 200 TH/s and 3,550 W. */
export const GOLDEN = {
  hashrateThs: 200_000,
  powerW: 3_550_000,
  difficulty: 119_120_000_000_000,
  subsidySats: 312_500_000,
  feesSatsPerBlock: 0,
  btcUsd: 100_000,
  usdPerKwh: 0.05,
  poolFeePct: 2.5,
}

const ANSWER = /<script type="application\/json" id="calculator-answer">(.*?)<\/script>/s

/** The answer that a page carries for its own charts and for copying, or null. */
export function answerOf(html: string) {
  const [, json] = ANSWER.exec(html) ?? []
  return json ? JSON.parse(json) : null
}
