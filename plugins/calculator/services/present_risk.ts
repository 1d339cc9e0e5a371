import type { I18n } from '@adonisjs/i18n'
import { usdFormat } from './formats.js'
import type { HeatmapAnswer } from './heatmap.js'
import { leverName } from './present_projection.js'
import type { SensitivityAnswer } from './sensitivity.js'

const money = (i18n: I18n, digits: number) => {
  const format = new Intl.NumberFormat(i18n.locale, usdFormat(digits))
  return (value: number) => format.format(value)
}

/** A figure that fits a cell: "+1.2K" says more at a glance than eight digits. */
const compact = (i18n: I18n) => {
  const format = new Intl.NumberFormat(i18n.locale, {
    notation: 'compact',
    maximumSignificantDigits: 3,
    signDisplay: 'exceptZero',
  })
  return (value: number) => format.format(value)
}

const nearest = (axis: readonly number[], value: number) =>
  axis.reduce((best, one) => (Math.abs(one - value) < Math.abs(best - value) ? one : best))

/** The grid as the `heat` component draws it; the exact figure of a cell is its title. */
export function presentHeat(answer: HeatmapAnswer, measure: 'profit' | 'npv', i18n: I18n) {
  const grid = measure === 'npv' && answer.npvUsd ? answer.npvUsd : answer.profitUsdPerDay
  const [price, rate, short] = [money(i18n, 0), money(i18n, 3), compact(i18n)]
  const exact = money(i18n, measure === 'npv' ? 0 : 2)
  const usedPrice = nearest(answer.btcUsdAxis, answer.used.btcUsd)
  const usedRate = nearest(answer.usdPerKwhAxis, answer.used.usdPerKwh)
  return {
    columns: answer.btcUsdAxis.map((btcUsd) => ({
      label: price(btcUsd),
      current: btcUsd === usedPrice,
    })),
    rows: answer.usdPerKwhAxis.map((usdPerKwh, row) => ({
      label: rate(usdPerKwh),
      current: usdPerKwh === usedRate,
      cells: answer.btcUsdAxis.map((btcUsd, column) => ({
        value: grid[row]![column]!,
        text: short(grid[row]![column]!),
        title: i18n.t('calculator.heat.cell', {
          price: price(btcUsd),
          rate: rate(usdPerKwh),
          value: exact(grid[row]![column]!),
        }),
        current: btcUsd === usedPrice && usdPerKwh === usedRate,
      })),
    })),
    foot: {
      label: i18n.t('calculator.heat.breakEven'),
      cells: answer.breakEvenUsdPerKwh.map((value) => (value === null ? null : rate(value))),
    },
  }
}

/** The bars as the `tornado` component draws them, widest first. */
export function presentTornado({ bars, measure, spreadPct }: SensitivityAnswer, i18n: I18n) {
  const change = compact(i18n)
  const number = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 2 })
  return {
    title: i18n.t(`calculator.tornado.${measure}`),
    hint: i18n.t('calculator.tornado.hint', { spread: number.format(spreadPct) }),
    rows: bars
      .filter(({ swingUsd }) => swingUsd > 0)
      .map(({ lever, unit, by, lowChangeUsd, highChangeUsd }) => ({
        label: leverName(lever, i18n),
        note: i18n.t(`calculator.tornado.${unit}`, { by: number.format(by) }),
        low: lowChangeUsd,
        high: highChangeUsd,
        lowText: i18n.t('calculator.tornado.low', { change: change(lowChangeUsd) }),
        highText: i18n.t('calculator.tornado.high', { change: change(highChangeUsd) }),
      })),
  }
}
