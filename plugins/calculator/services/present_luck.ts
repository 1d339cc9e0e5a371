import type { I18n } from '@adonisjs/i18n'
import type { ProjectionAnswer } from './project_miner.js'

const SMALLEST_SHOWN = 1e-4

/** Between what the pay of a day, a month and a year lies by luck; nothing where the pool pays it away. */
export function presentLuck({ variance }: ProjectionAnswer, i18n: I18n) {
  const { bands, reason } = variance
  if (reason === 'E_FIXED_PAY') return { rows: null, reason: null }
  if (!bands) return { rows: null, reason: i18n.t(`calculator_projection.reason.${reason}`) }
  const btc = new Intl.NumberFormat(i18n.locale, { maximumSignificantDigits: 5 })
  const share = new Intl.NumberFormat(i18n.locale, { style: 'percent', maximumFractionDigits: 2 })
  const chance = (p: number) =>
    p > 0 && p < SMALLEST_SHOWN ? `< ${share.format(SMALLEST_SHOWN)}` : share.format(p)
  const day = new Intl.NumberFormat(i18n.locale, { style: 'unit', unit: 'day' })
  const rows = bands.map(({ days, expectedSats, lowSats, highSats, noBlockProbability }) => ({
    span: day.format(days),
    expected: btc.format(expectedSats / 1e8),
    band: `${btc.format(lowSats / 1e8)} – ${btc.format(highSats / 1e8)}`,
    none: chance(noBlockProbability),
  }))
  return { rows, reason: null }
}
