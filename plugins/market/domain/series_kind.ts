/** What a file can hold; `ohlcv` fills candles and, by its closes, the price. */
export const SERIES_KINDS = ['price', 'ohlcv', 'difficulty', 'hashrate', 'epochs'] as const
export type SeriesKind = (typeof SERIES_KINDS)[number]

/** Kinds that are values in time; epochs are a table of their own. */
export type PointKind = Exclude<SeriesKind, 'epochs'>

/** Series as they are stored, with their unit in the name. */
export const STORED_SERIES = [
  'price_usd',
  'price_eur',
  'price_cny',
  'difficulty',
  'network_hashrate_ths',
  'block_height',
  'fees_sats_per_block',
  'mempool_fee_sat_vb',
  'fear_greed',
] as const
export type StoredSeries = (typeof STORED_SERIES)[number]

/** What a chart can show: stored series, and the hashprice that is computed from two of them. */
export const CHARTED = ['price_usd', 'difficulty', 'network_hashrate_ths', 'hashprice'] as const
export type Charted = (typeof CHARTED)[number]

/** Unit of a stored value, as the API gives it. */
export const UNITS: Record<StoredSeries, string> = {
  price_usd: 'USD/BTC',
  price_eur: 'EUR/BTC',
  price_cny: 'CNY/BTC',
  difficulty: '1',
  network_hashrate_ths: 'TH/s',
  block_height: 'block',
  fees_sats_per_block: 'sat/block',
  mempool_fee_sat_vb: 'sat/vB',
  fear_greed: '0..100',
}

export const isSeriesKind = (text: string): text is SeriesKind =>
  (SERIES_KINDS as readonly string[]).includes(text)

/** Where the values of an imported file go. */
export const storedAs: Record<PointKind, StoredSeries> = {
  price: 'price_usd',
  ohlcv: 'price_usd',
  difficulty: 'difficulty',
  hashrate: 'network_hashrate_ths',
}
