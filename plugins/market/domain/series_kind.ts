/** Series that can be imported; `ohlcv` fills candles and, by its closes, the price. */
export const SERIES_KINDS = ['price', 'ohlcv', 'difficulty', 'hashrate'] as const
export type SeriesKind = (typeof SERIES_KINDS)[number]

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

/** Those with a history that people look at as a chart. */
export const CHARTED_SERIES = ['price_usd', 'difficulty', 'network_hashrate_ths'] as const
export type StoredSeries = (typeof STORED_SERIES)[number]

export const isSeriesKind = (text: string): text is SeriesKind =>
  (SERIES_KINDS as readonly string[]).includes(text)

/** Where the values of an imported file go. */
export const storedAs: Record<SeriesKind, StoredSeries> = {
  price: 'price_usd',
  ohlcv: 'price_usd',
  difficulty: 'difficulty',
  hashrate: 'network_hashrate_ths',
}
