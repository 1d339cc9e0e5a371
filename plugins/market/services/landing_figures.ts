import { nextHalving } from '#core/chain/next_halving'
import { satsPerDayByDifficulty } from '#core/chain/sats_per_day'
import { subsidySats } from '#core/chain/subsidy_sats'
import { latestValues, networkHashrateMean, type StoredValue } from './stored_values.js'

const BLOCKS_PER_EPOCH = 2016
const TERAHASHES_PER_PETAHASH = 1000
const SATS_PER_BTC = 1e8
const NEEDED = ['price_usd', 'difficulty', 'block_height', 'fees_sats_per_block'] as const

export const FIGURES = [
  'price',
  'difficulty',
  'networkHashrate',
  'hashprice',
  'epoch',
  'halving',
] as const
export type FigureName = (typeof FIGURES)[number]

type Known = Pick<StoredValue, 'value' | 'source' | 'at' | 'quality'> & { unit: string }

/** A figure with where and when it comes from, or null with the reason. */
export type Figure = Known | { value: null; reason: string }

const missing = (reason: string): Figure => ({ value: null, reason })

const known = (found: StoredValue | null | undefined, unit: string, reason: string): Figure =>
  found
    ? { value: found.value, unit, source: found.source, at: found.at, quality: found.quality }
    : missing(reason)

/** A figure that follows from a stored one by a rule of consensus. */
const derived = (from: StoredValue | undefined, unit: string, value: (height: number) => number) =>
  from ? known({ ...from, value: value(from.value) }, unit, '') : missing('no_height')

type Latest = Awaited<ReturnType<typeof latestValues>>

/** What 1 PH/s earns in a day, in $: as old as the older of its two inputs. */
function hashprice({ price_usd: price, difficulty, ...rest }: Latest): Figure {
  const { block_height: height, fees_sats_per_block: fees } = rest
  if (!price) return missing('no_price')
  if (!difficulty) return missing('no_difficulty')
  if (!height) return missing('no_height')
  const rewardSats = Number(subsidySats(height.value)) + (fees?.value ?? 0)
  const sats = satsPerDayByDifficulty(TERAHASHES_PER_PETAHASH, difficulty.value, rewardSats)
  const oldest = price.at < difficulty.at ? price : difficulty
  const value = (sats / SATS_PER_BTC) * price.value
  return known({ ...oldest, source: sourcesOf(price, difficulty), value }, 'usd/PH/s/day', '')
}

const sourcesOf = (...values: StoredValue[]) =>
  [...new Set(values.map(({ source }) => source))].join(' + ')

/**
 * The six figures of the first page from stored values only. Units: $, difficulty, TH/s, $ per PH/s
 * and day, blocks to the next retarget, blocks to the next halving.
 */
export async function landingFigures(): Promise<Record<FigureName, Figure>> {
  const latest = await latestValues(NEEDED)
  const height = latest.block_height
  return {
    price: known(latest.price_usd, 'usd', 'no_price'),
    difficulty: known(latest.difficulty, 'difficulty', 'no_difficulty'),
    networkHashrate: known(await networkHashrateMean(), 'TH/s', 'no_hashrate'),
    hashprice: hashprice(latest),
    epoch: derived(height, 'blocks', (at) => BLOCKS_PER_EPOCH - (at % BLOCKS_PER_EPOCH)),
    halving: derived(height, 'blocks', (at) => nextHalving(at).blocksLeft),
  }
}
