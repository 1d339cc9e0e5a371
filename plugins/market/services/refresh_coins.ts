import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { ToldCoin } from '../providers/adapter.js'
import { type FeedReport, keepImplausible, tryFeed } from './provider_results.js'
import type { FeedState } from './provider_state.js'
import type { Ending } from './refresh_lease.js'

export interface LearnedCoins {
  coins: ToldCoin[]
  source: string
  reports: FeedReport[]
}

const NO_WISH = { span: '1d', fromMs: 0, spanMs: 0 } as const

const isCoin = ({ difficulty, blockReward, blockTimeS, exchangeRateBtc }: ToldCoin) =>
  difficulty > 0 && blockReward >= 0 && blockTimeS > 0 && exchangeRateBtc >= 0

/** The list of coins of the first feed that has one. */
export async function learnCoins(feeds: FeedState[], now: Date): Promise<LearnedCoins> {
  const learned: LearnedCoins = { coins: [], source: '', reports: [] }
  for (const state of feeds) {
    const { report, answer } = await tryFeed(state, NO_WISH, now)
    learned.reports.push(report)
    const coins = answer?.reading.coins ?? []
    const wrong = coins.find((coin) => !isCoin(coin))
    if (wrong) learned.reports.splice(-1, 1, await keepImplausible(state, wrong.tag, now))
    if (coins.length > 0 && !wrong) {
      return { ...learned, coins, source: state.feed.source ?? state.provider.title }
    }
  }
  return learned
}

/** The new list takes the place of the old one. */
export async function storeCoins(
  trx: TransactionClientContract,
  { coins, source }: LearnedCoins,
  now: Date
): Promise<Ending> {
  if (coins.length === 0) return { outcome: 'nothing', isFailure: true }
  await trx.from('market_coins').delete()
  const byTag = new Map(coins.map((coin) => [coin.tag, coin]))
  await trx.table('market_coins').multiInsert(
    [...byTag.values()].map((coin) => ({
      tag: coin.tag,
      name: coin.name,
      difficulty: coin.difficulty,
      block_reward: coin.blockReward,
      block_time_s: coin.blockTimeS,
      exchange_rate_btc: coin.exchangeRateBtc,
      profit_ratio: coin.profitRatio,
      source,
      at: now,
    }))
  )
  return { outcome: 'stored', isFailure: false }
}
