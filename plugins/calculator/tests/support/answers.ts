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

const part = (html: string, id: string) => {
  const [, json] =
    new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, 's').exec(html) ?? []
  return json ? JSON.parse(json) : null
}

/** The answer that a page carries for copying, or null. */
export const answerOf = (html: string) => part(html, 'calculator-answer')

/** The projection that a page carries, or null. */
export const futureOf = (html: string) => part(html, 'calculator-future')
