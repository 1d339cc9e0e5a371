/** What other plugins may use of the market: stored values with source and age, never a request. */
export {
  latestValues,
  networkHashrateMean,
  type NetworkMean,
  type StoredValue,
} from './services/stored_values.js'
export {
  type Figure,
  type KnownFigure,
  type MarketSummary,
  marketSummary,
  type MissingFigure,
  type MissingReason,
} from './services/summary.js'
export type { StoredSeries } from './domain/series_kind.js'
