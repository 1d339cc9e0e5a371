import { retargets } from './epochs.js'
import type { Words } from './market_words.js'

/** Two years. */
const SHOWN = 52

/** What each of the newest retargets changed, oldest first, as a chart. */
export async function retargetChart(words: Words) {
  const rows = (await retargets(SHOWN)).filter(({ changePct }) => changePct !== null).reverse()
  const [first, last] = [rows[0], rows.at(-1)]
  const data = rows.map(({ epoch, changePct }) => [epoch, Math.round(changePct! * 100) / 100])
  return {
    id: 'chart-retargets',
    title: words.t('market.epochs.chart'),
    kind: 'column',
    xKind: 'number',
    xDecimals: 0,
    series: [{ name: words.t('market.epochs.change'), data }],
    unit: '%',
    decimals: 1,
    coverage:
      first && last ? words.t('market.epochs.shown', { from: first.epoch, to: last.epoch }) : '',
    csvUrl: '/market/epochs?format=csv',
    emptyText: words.t('market.epochs.emptyText'),
  }
}
