import { subsidyAt } from '../domain/halvings.js'
import { hashprice, type Hashprice } from '../domain/hashprice.js'
import type { StoredSeries } from '../domain/series_kind.js'
import { worstQuality } from '../domain/quality.js'
import type { StoredValue } from './stored_values.js'

export interface HashpriceNow extends Hashprice {
  btcUsd: number
  difficulty: number
  subsidySats: bigint
  feesSatsPerBlock: number | null
  /** Of the older one of price and difficulty. */
  at: string
  source: string
  quality: StoredValue['quality']
}

export type HashpriceReason = 'no_price' | 'no_difficulty' | 'no_subsidy'

/**
 * Hashprice by the newest stored price and difficulty, with the fees where they are stored and the
 * subsidy only where they are not; or what is missing for it.
 */
export function hashpriceNow(
  latest: Partial<Record<StoredSeries, StoredValue>>
): HashpriceNow | { reason: HashpriceReason } {
  const { price_usd: price, difficulty, fees_sats_per_block: fees, block_height: height } = latest
  if (!price) return { reason: 'no_price' }
  if (!difficulty) return { reason: 'no_difficulty' }
  const at = price.at < difficulty.at ? price.at : difficulty.at
  const subsidy = subsidyAt(new Date(at), height ? Math.floor(height.value) : null)
  if (subsidy === null) return { reason: 'no_subsidy' }
  const input = {
    btcUsd: price.value,
    difficulty: difficulty.value,
    subsidySats: subsidy,
    feesSatsPerBlock: fees?.value ?? null,
  }
  const sources = [price, difficulty, ...(fees ? [fees] : [])].map(({ source }) => source)
  return {
    ...hashprice({ ...input, subsidySats: Number(subsidy) }),
    ...input,
    at,
    source: [...new Set(sources)].join(', '),
    quality: worstQuality([price.quality, difficulty.quality]),
  }
}
