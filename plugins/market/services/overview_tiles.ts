import type { ChartRange } from '../domain/ranges.js'
import { history } from './history.js'
import type { Words } from './market_words.js'
import { claims, priceChanges } from './price_changes.js'
import { hashpriceTile, networkTiles, priceTile, type Tile } from './present_figures.js'
import type { MarketFigures } from './summary.js'

const SPARK: ChartRange = { code: 'spark', days: 30, stepS: 86_400 }

/** What the price tile shows beside the price. */
async function priceExtras({ latest: { price_usd: price } }: MarketFigures) {
  if (!price) return { changes: null, spark: [], claims: [] }
  const points = await history('price_usd', SPARK, new Date(price.at))
  return {
    changes: await priceChanges(price),
    spark: points.map(([, value]) => value),
    claims: price.quality === 'disputed' ? await claims(price) : [],
  }
}

/** The tiles of the overview in their order, and whether sources disagree about the price. */
export async function overviewTiles(figures: MarketFigures, words: Words, now: Date) {
  const extras = await priceExtras(figures)
  const [difficulty, hashrate, fees, fear] = networkTiles(figures, words, now) as [
    Tile,
    Tile,
    Tile,
    Tile,
  ]
  return {
    tiles: {
      price: priceTile(figures.summary, extras, words),
      hashprice: hashpriceTile(figures.summary, words),
      difficulty,
      hashrate,
      fees,
      fear,
    },
    isDisputed: figures.latest.price_usd?.quality === 'disputed',
  }
}
