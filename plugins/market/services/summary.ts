import type { EpochReason, EpochState } from '../domain/epoch_state.js'
import type { HalvingCountdown } from '../domain/halving_estimate.js'
import type { Quality } from '../domain/quality.js'
import type { StoredSeries } from '../domain/series_kind.js'
import { isOld } from '../domain/staleness.js'
import { type ChainFigures, chainFigures } from './epochs.js'
import { type HashpriceNow, hashpriceNow, type HashpriceReason } from './hashprice.js'
import { latestValues, networkHashrateMean, type StoredValue } from './stored_values.js'

/** Codes with a text each: `market.reason.<code>`. */
export type MissingReason = 'not_stored' | HashpriceReason | EpochReason

/** A figure with where and when it comes from. */
export interface KnownFigure {
  value: number
  /** Of the value as it is given here; people may be shown T, EH/s and the like. */
  unit: string
  source: string
  /** When it was true, ISO 8601 in UTC. */
  at: string
  quality: Quality
  /** Older than a value of its kind should be. */
  isOld: boolean
}

export interface MissingFigure {
  value: null
  unit: string
  reason: MissingReason
}

export type Figure = KnownFigure | MissingFigure

/** The market in six figures. */
export interface MarketSummary {
  /** $ per bitcoin. */
  price: Figure
  /** Unscaled: 1.2e14, not 120 T. */
  difficulty: Figure
  /** TH/s, mean of the newest seven stored days. */
  networkHashrate: Figure
  /** $ per PH/s and day before any pool fee; `detail` has sats and whether fees are in it. */
  hashprice: Figure & { detail: HashpriceNow | null }
  /** Progress in %; `detail` has the next retarget with its band. */
  epoch: Figure & { detail: EpochState | null }
  /** Blocks left; `detail` has height and dates. */
  halving: Figure & { detail: HalvingCountdown | null }
}

/** What the summary is made of, for pages that show more of it. */
export interface MarketFigures {
  latest: Partial<Record<StoredSeries, StoredValue>>
  chain: ChainFigures
  summary: MarketSummary
}

const known = (stored: StoredValue, unit: string, now: Date): KnownFigure => {
  const { value, source, at, quality } = stored
  return { value, unit, source, at, quality, isOld: isOld(stored, now) }
}

const figureOf = (stored: StoredValue | null | undefined, unit: string, now: Date): Figure =>
  stored ? known(stored, unit, now) : { value: null, unit, reason: 'not_stored' }

/** The market as other plugins and the landing page show it: three short queries, no request. */
export const marketSummary = async (now: Date): Promise<MarketSummary> =>
  (await marketFigures(now)).summary

/** The summary with the values and the state of the chain behind it. */
export async function marketFigures(now: Date): Promise<MarketFigures> {
  const latest = await latestValues()
  const mean = await networkHashrateMean()
  const chain = await chainFigures(latest.block_height, now)
  const summary: MarketSummary = {
    price: figureOf(latest.price_usd, 'USD/BTC', now),
    difficulty: figureOf(latest.difficulty, '1', now),
    networkHashrate: figureOf(mean, 'TH/s', now),
    hashprice: hashpriceFigure(latest, now),
    epoch: epochFigure(chain, latest.block_height, now),
    halving: halvingFigure(chain, latest.block_height, now),
  }
  return { latest, chain, summary }
}

function hashpriceFigure(latest: MarketFigures['latest'], now: Date): MarketSummary['hashprice'] {
  const unit = 'USD/PH/day'
  const found = hashpriceNow(latest)
  if ('reason' in found) return { value: null, unit, reason: found.reason, detail: null }
  const { usdPerPhDay: value, source, at, quality } = found
  const old = isOld(latest.price_usd!, now) || isOld(latest.difficulty!, now)
  return { value, unit, source, at, quality, isOld: old, detail: found }
}

function epochFigure(
  { epoch }: ChainFigures,
  seen: StoredValue | undefined,
  now: Date
): MarketSummary['epoch'] {
  const unit = '%'
  if (!epoch) return { value: null, unit, reason: 'not_stored', detail: null }
  if (epoch.progressPct === null || !seen) {
    return { value: null, unit, reason: epoch.reason ?? 'no_height', detail: epoch }
  }
  return { ...known(seen, unit, now), value: epoch.progressPct, detail: epoch }
}

function halvingFigure(
  { halving }: ChainFigures,
  seen: StoredValue | undefined,
  now: Date
): MarketSummary['halving'] {
  const unit = 'block'
  if (!halving || !seen) return { value: null, unit, reason: 'no_height', detail: null }
  return { ...known(seen, unit, now), value: halving.blocksLeft, detail: halving }
}
