import { PAST_HALVINGS } from '../domain/halvings.js'
import type { ChartRange } from '../domain/ranges.js'
import { scale } from '../domain/scale.js'
import type { Charted } from '../domain/series_kind.js'
import {
  difficultyHistory,
  hashpriceHistory,
  hashrateHistory,
  type HistoryPoint,
} from './history.js'
import type { Words } from './market_words.js'

interface ChartSeries {
  name: string
  data: HistoryPoint[]
  color?: string
}

/** What the `chart` component takes. */
export interface Chart {
  id: string
  title: string
  kind: 'line' | 'area'
  series: ChartSeries[]
  unit: string
  decimals: number
  events: { from: number; label: string; kind: string }[]
  coverage: string
  csvUrl: string
  log: boolean
  emptyText: string
}

export interface ChartsWish {
  range: ChartRange
  log: boolean
  now: Date
}

const SIGNIFICANT = 7
const DAY_S = 86_400
/** Behind the mean: seen, but not what one reads first. */
const DAILY_COLOR = '#59618a'
/** Only money is read by its ratios; the others began so low that a logarithm says nothing. */
const LOGARITHMIC: readonly Charted[] = ['price_usd', 'hashprice']

/** Seven digits are more than a line can show, and half the bytes. */
const short = (value: number) => Number(value.toPrecision(SIGNIFICANT))

const scaled = (series: Charted, points: readonly HistoryPoint[]): HistoryPoint[] =>
  points.map(([at, value]) => [at, value === null ? null : short(scale(series, value))])

/** Halvings since the first point of a chart, as its events. */
function halvingEvents(lines: readonly ChartSeries[], words: Words) {
  const first = Math.min(...lines.flatMap(({ data }) => data.slice(0, 1).map(([at]) => at)))
  return PAST_HALVINGS.filter(({ at }) => at.getTime() >= first).map(({ at }) => ({
    from: at.getTime(),
    label: words.t('market.halving.event'),
    kind: 'faint',
  }))
}

/** What one point of the chart stands for. */
const stepText = ({ stepS }: ChartRange, words: Words) =>
  stepS < DAY_S
    ? words.t('market.step.minutes', { n: stepS / 60 })
    : words.t('market.step.days', { n: stepS / DAY_S })

function coverageOf(series: Charted, range: ChartRange, words: Words) {
  if (series === 'difficulty') return words.t('market.step.retargets')
  const step = stepText(range, words)
  return series === 'hashprice' ? words.t('market.step.subsidyOnly', { step }) : step
}

type Lines = Record<Charted, ChartSeries[]>

async function linesOf({ range, now }: ChartsWish, words: Words): Promise<Lines> {
  const hashrate = await hashrateHistory(range, now)
  const { price, usdPerPhDay } = await hashpriceHistory(range, now)
  const name = (series: Charted) => words.t(`market.series.${series}`)
  return {
    price_usd: [{ name: name('price_usd'), data: scaled('price_usd', price) }],
    difficulty: [
      {
        name: name('difficulty'),
        data: scaled('difficulty', await difficultyHistory(range, now)),
        color: 'info',
      },
    ],
    // Drawn in this order: the mean lies on top.
    network_hashrate_ths: [
      {
        name: words.t('market.chart.daily'),
        data: scaled('network_hashrate_ths', hashrate.daily),
        color: DAILY_COLOR,
      },
      {
        name: words.t('market.chart.mean'),
        data: scaled('network_hashrate_ths', hashrate.mean),
        color: 'teal',
      },
    ],
    hashprice: [
      { name: name('hashprice'), data: scaled('hashprice', usdPerPhDay), color: 'violet' },
    ],
  }
}

const DECIMALS: Record<Charted, number> = {
  price_usd: 0,
  difficulty: 2,
  network_hashrate_ths: 1,
  hashprice: 2,
}

/** The charts of the overview over one range. */
export async function chartsOf(wish: ChartsWish, words: Words): Promise<Record<Charted, Chart>> {
  const lines = await linesOf(wish, words)
  const chart = (series: Charted): Chart => {
    const isLog = wish.log && LOGARITHMIC.includes(series)
    const isKnown = lines[series].some(({ data }) => data.some(([, value]) => value !== null))
    return {
      id: `chart-${series}`,
      title: words.t(`market.chart.${series}`),
      kind: 'line',
      series: isKnown ? lines[series] : [],
      unit: words.t(`market.axis.${series}`),
      decimals: DECIMALS[series],
      events: isKnown ? halvingEvents(lines[series], words) : [],
      coverage: coverageOf(series, wish.range, words),
      csvUrl: `/market/history.csv?series=${series}&range=${wish.range.code}`,
      log: isLog,
      emptyText: words.t('market.chart.empty'),
    }
  }
  return {
    price_usd: chart('price_usd'),
    difficulty: chart('difficulty'),
    network_hashrate_ths: chart('network_hashrate_ths'),
    hashprice: chart('hashprice'),
  }
}
