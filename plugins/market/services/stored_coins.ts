import { current } from '#core/current'

/** A coin that is mined like bitcoin, as its source told it. */
export interface StoredCoin {
  tag: string
  name: string
  difficulty: number
  /** Coins, not satoshis. */
  blockReward: number
  blockTimeS: number
  exchangeRateBtc: number
  /** In percent of bitcoin, by the source's own reckoning. */
  profitRatio: number | null
  source: string
  at: string
}

/** The list of SHA-256 coins, best first by its source's reckoning; empty where there is none. */
export async function storedCoins(): Promise<StoredCoin[]> {
  const rows = await current
    .get()
    .client.from('market_coins')
    .orderByRaw('profit_ratio desc nulls last, tag')
    .select('*')
  return rows.map((row) => ({
    tag: row.tag,
    name: row.name,
    difficulty: row.difficulty,
    blockReward: row.block_reward,
    blockTimeS: row.block_time_s,
    exchangeRateBtc: row.exchange_rate_btc,
    profitRatio: row.profit_ratio,
    source: row.source,
    at: row.at.toISOString(),
  }))
}
